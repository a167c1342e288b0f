"""The form by which a guardian signs children up: its shapes, and how it becomes a request."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from wtforms import (
    BooleanField,
    Field,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, Length, Optional, Regexp

from booking.consent.rules import Capacity, WordingPurpose
from booking.family.agreed_forms import AgreedFields
from booking.family.choices import Choices, Contact, KnownChild, choice_of
from booking.forms import Form, Part, Parts, by
from booking.libraries.rules import Language
from booking.people.contact import read_email, read_phone
from booking.people.rules import clean_name
from booking.signups.asking import ChildAsked, PlaceRequest
from booking.signups.born import check_born
from booking.signups.children_forms import LONGEST_REPLY, MOST_CHILDREN, ChildrenForm
from booking.signups.households import IfNotAll

_MUNICIPALITY: Final = r"[0-9]{4}\Z"


def name_in(field: str) -> Callable[[Any, Field], None]:
    """Return a validator that reads what was typed as a name."""
    return by(lambda text: clean_name(text, about=field))


def first_name_field() -> StringField:
    """Return the field for a child's first name, or the name that it likes to use."""
    return StringField(validators=[DataRequired("first_name_missing"), name_in("first_name")])


def last_name_field() -> StringField:
    """Return the field for a last name, which only some activities ask for."""
    return StringField(validators=[Optional(), name_in("last_name")])


def born_field() -> StringField:
    """Return the field for a year of birth or a school grade."""
    return StringField(validators=[DataRequired("born_missing"), by(check_born)])


def municipality_field() -> SelectField:
    """Return the list of municipalities: its choices are data, and the operation knows which there are."""
    return SelectField(
        validators=[Regexp(_MUNICIPALITY, message="municipality_missing")], validate_choice=False, choices=[]
    )


def reply_field() -> StringField:
    """Return the field for the answer to what an activity asks besides."""
    return StringField(validators=[Length(max=LONGEST_REPLY, message="reply_too_long")])


def choose_municipality(field: SelectField, choices: Choices) -> None:
    """Offer the municipalities of the region, the library's own first chosen, and another one."""
    field.choices = list(choices.municipalities)
    field.data = field.data or choices.at_home


def said_words(digests: Mapping[WordingPurpose, str]) -> str:
    """Return which words stand on a page, as a form carries it along."""
    return " ".join(f"{purpose.value}:{digest}" for purpose, digest in digests.items())


def read_words(told: str) -> dict[WordingPurpose, str]:
    """Return which words stood on the page; what is no purpose is left out."""
    pairs = (each.partition(":") for each in told.split())
    known = {purpose.value: purpose for purpose in WordingPurpose}
    return {known[name]: digest for name, _colon, digest in pairs if name in known}


def refuse_machines(form: Form, trap: Field) -> bool:
    """Tell whether a person filled in the form; a machine fills in what nobody sees, and is asked again."""
    if not trap.data:
        return True
    trap.data = ""
    form.form_errors.append("filled_by_machine")
    return False


class ChildForm(Part, AgreedFields):
    """One child: a name and a year or grade; the rest is chosen already, or asked where it is needed.

    A child that a family is known by is ticked (`wanted`) instead of written.
    """

    is_known: bool = False

    wanted = BooleanField()
    first_name = first_name_field()
    born = born_field()
    municipality = municipality_field()
    last_name = last_name_field()
    reply = reply_field()
    shielded = BooleanField()

    def show(self, choices: Choices, *, is_same: bool) -> None:
        """Offer these choices; ticks that were set to other words are taken off."""
        choose_municipality(self.municipality, choices)
        self.offer_boxes(choices, is_same=is_same)

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was written about a child."""
        return not any((field.data or "").strip() for field in (self.first_name, self.born, self.last_name))

    @property
    def is_wanted(self) -> bool:
        """Tell whether this child is to be signed up: ticked, or written anew."""
        return bool(self.wanted.data) if self.is_known else not self.is_blank

    def to_child(self, number: int) -> ChildAsked:
        """Return what was written about the child."""
        agreed = self.to_agreed()
        return ChildAsked(
            number=number,
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or None,
            born=self.born.data or "",
            municipality_code=self.municipality.data or "",
            reply=(self.reply.data or "").strip() or None,
            is_shielded=bool(self.shielded.data),
            consents=agreed.consents,
            child_answer=agreed.child_answer,
            needs=agreed.needs,
        )


class SignupForm(ChildrenForm):
    """Children signed up by a guardian: seven things to fill in for one child, and two for each sibling."""

    children = Parts(FormField(ChildForm), min_entries=1, max_entries=MOST_CHILDREN)
    if_not_all = RadioField(choices=[], validate_choice=False, validators=[Optional()])
    contact_name = StringField(validators=[DataRequired("contact_name_missing"), name_in("contact_name")])
    email = StringField(validators=[by(read_email)])
    phone = StringField(validators=[by(read_phone)])
    other_guardian = BooleanField()
    news = BooleanField()
    permission = BooleanField(validators=[DataRequired("permission_missing")])
    website = StringField()
    more = StringField()
    ask_key = HiddenField()
    words = HiddenField()
    is_known: bool = False

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 – WTForms' own
        """Check each field; children of whom nothing is written, or who are not ticked, are left out."""
        wanted = [entry for entry in self.children.entries if entry.form.is_wanted]
        is_chosen = bool(wanted) or not self.is_known
        if is_chosen:
            self.children.entries = wanted or self.children.entries[:1]
        is_sound = bool(super().validate(extra_validators)) if is_chosen else self._ask_for_a_tick()
        return refuse_machines(self, self.website) and is_sound

    def know(self, contact: Contact, children: Sequence[KnownChild]) -> None:
        """Let a family that has shown who it is tick its children; what is known of it is not asked again."""
        self.is_known = True
        self.contact_name.data, self.email.data = contact.name, contact.email
        self.phone.data = contact.phone or ""
        if not self.is_submitted():
            self.children.entries, self.children.last_index = [], -1
            for child in children[:MOST_CHILDREN]:
                self.children.append_entry(
                    {
                        "first_name": child.first_name,
                        "born": child.born,
                        "municipality": child.municipality_code,
                    }
                )
        known = {(child.first_name, child.born) for child in children}
        for entry in self.children.entries:
            entry.form.is_known = (entry.form.first_name.data, entry.form.born.data) in known

    def _ask_for_a_tick(self) -> bool:
        self.form_errors.append("child_not_ticked")
        return False

    def show(self, choices: Choices) -> None:
        """Offer these choices, and the words as they are now; ticks set to other words are taken off."""
        words = said_words(choices.words)
        for entry in self.children.entries:
            entry.form.show(choices, is_same=self.words.data == words)
        self.if_not_all.choices = list(choices.if_not_all)
        if self.words.data != words:
            self.permission.data = self.news.data = False
        self.words.data = words

    def to_request(self, language: Language) -> PlaceRequest:
        """Return what the guardian asks for, in the language of the words that were ticked."""
        children = [entry.form.to_child(number) for number, entry in enumerate(self.children.entries)]
        if self.news.data:
            # News goes to the family, and the yes to it is kept with the first child.
            children[0] = replace(children[0], consents=children[0].consents | {WordingPurpose.NEWS})
        return PlaceRequest(
            ask_key=self.ask_key.data or "",
            email=read_email(self.email.data or ""),
            contact_name=self.contact_name.data or "",
            phone=read_phone(self.phone.data or ""),
            language=language,
            children=tuple(children),
            words_shown=read_words(self.words.data or ""),
            capacity=Capacity.OTHER_GUARDIAN if self.other_guardian.data else Capacity.PARENT,
            if_not_all=choice_of(IfNotAll, self.if_not_all.data),
        )
