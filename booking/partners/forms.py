"""What is told of a partner, as it is typed."""

from collections.abc import Callable
from typing import Final

from wtforms import Field, HiddenField, StringField
from wtforms.validators import AnyOf, DataRequired, Length, Optional, Regexp, ValidationError

from booking.forms import Form
from booking.partners.rules import (
    LONGEST_NAME,
    PartnerFacts,
    Sector,
    has_contact,
    is_organisation_number,
    is_website,
    tidied_number,
    tidied_website,
)
from booking.wording import is_plain, says_something, tidied_line

_SECTORS: Final = tuple(sector.value for sector in Sector)
# Longer than anything that somebody changes by hand, shorter than what a database cannot count.
_MOST_DIGITS: Final = 9


def _must(be: Callable[[str], bool], code: str) -> Callable[[Form, Field], None]:
    def check(_form: Form, field: Field) -> None:
        if field.data and not be(field.data):
            raise ValidationError(code)

    return check


def _holds_no_contact(name: str) -> bool:
    return not has_contact(name)


class PartnerForm(Form):
    """A partner's facts, and the version that the page showed."""

    version = HiddenField()
    name = StringField(
        filters=[tidied_line],
        validators=[
            DataRequired("partner_name_missing"),
            Length(max=LONGEST_NAME, message="partner_name_too_long"),
            _must(is_plain, "text_not_plain"),
            _must(says_something, "partner_name_says_nothing"),
            _must(_holds_no_contact, "partner_name_has_contact"),
        ],
    )
    sector = StringField(validators=[AnyOf(_SECTORS, message="partner_sector_missing")])
    municipality_code = StringField(
        validators=[Optional(), Regexp(r"[0-9]{4}\Z", message="partner_municipality_wrong")]
    )
    organisation_number = StringField(
        filters=[tidied_number], validators=[_must(is_organisation_number, "organisation_number_wrong")]
    )
    website = StringField(filters=[tidied_website], validators=[_must(is_website, "partner_website_wrong")])

    @property
    def seen_version(self) -> int:
        """Return the version that the page showed; none of ours is 0."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else 0

    def tell(self, facts: PartnerFacts) -> None:
        """Write what stands into the fields, as when the page is opened."""
        for name in PartnerFacts.__dataclass_fields__:
            self[name].data = getattr(facts, name)

    def to_facts(self) -> PartnerFacts:
        """Return what was told; only after the form was found sound."""
        return PartnerFacts(
            name=self.name.data or "",
            sector=Sector(self.sector.data or ""),
            municipality_code=self.municipality_code.data or None,
            organisation_number=self.organisation_number.data or None,
            website=self.website.data or None,
        )
