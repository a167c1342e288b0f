"""The forms about signing in, about one's own account, and about those of others."""

import re
from typing import Final

from email_validator import EmailNotValidError, validate_email
from wtforms import Field, HiddenField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stub
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from booking.accounts.rules import LONGEST_PASSWORD
from booking.forms import Form
from booking.libraries.rules import Language
from booking.staff.rules import Post, Role

_LONGEST_EMAIL: Final = 254
_LONGEST_NAME: Final = 80
_LONGEST_CODE: Final = 40
_LONGEST_CREDENTIAL: Final = 20_000
_LONGEST_PASSKEY_NAME: Final = 40
# Letters, marks and spaces of any script; nothing that turns the line around or looks like an address.
_NAME: Final = r"[^\W\d_][\w .,'’()-]*$"


def _tidied(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


def read_staff_email(text: str | None) -> str | None:
    """Return the address as every mail server takes it, also with æøå in its domain; nothing if none."""
    try:
        found = validate_email((text or "").strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return found.ascii_email


def read_staff_name(text: str) -> str | None:
    """Return the name on one line; nothing if it is none that a letter could greet."""
    name = " ".join(text.split())
    return name if len(name) <= _LONGEST_NAME and re.match(_NAME, name) else None


def _as_kept(text: str | None) -> str | None:
    return read_staff_email(text) or _tidied(text)


def _is_address(_form: Form, field: Field) -> None:
    if read_staff_email(field.data) is None:
        raise ValidationError("staff_email_wrong")


def _password(missing: str) -> PasswordField:
    return PasswordField(
        validators=[InputRequired(missing), Length(max=LONGEST_PASSWORD, message="password_too_long")]
    )


class SignInForm(Form):
    """Address and password."""

    email = StringField(
        filters=[_as_kept],
        validators=[
            InputRequired("staff_email_missing"),
            Length(max=_LONGEST_EMAIL, message="staff_email_wrong"),
        ],
    )
    password = _password("password_missing")
    next = HiddenField(validators=[Length(max=_LONGEST_EMAIL, message="not_found")])


class ProofForm(Form):
    """The password once more."""

    password = _password("password_missing")
    next = HiddenField(validators=[Length(max=_LONGEST_EMAIL, message="not_found")])


class CodeForm(Form):
    """A code from an app or from the sheet of recovery codes."""

    code = StringField(
        validators=[InputRequired("code_missing"), Length(max=_LONGEST_CODE, message="wrong_code")]
    )


class CredentialForm(Form):
    """What a passkey signed; written by the browser."""

    credential = HiddenField(
        validators=[
            InputRequired("wrong_passkey"),
            Length(max=_LONGEST_CREDENTIAL, message="wrong_passkey"),
        ]
    )


class NewPasskeyForm(CredentialForm):
    """A passkey that was just made, and how its owner calls it."""

    name = StringField(
        filters=[_tidied],
        validators=[
            InputRequired("passkey_name_missing"),
            Length(max=_LONGEST_PASSKEY_NAME, message="passkey_name_too_long"),
        ],
    )


class ForgottenForm(Form):
    """The address to write to."""

    email = StringField(
        filters=[_as_kept],
        validators=[
            InputRequired("staff_email_missing"),
            Length(max=_LONGEST_EMAIL, message="staff_email_wrong"),
            _is_address,
        ],
    )


class NewPasswordForm(Form):
    """A new password. It is typed once: whoever mistypes it can ask for another."""

    password = _password("new_password_missing")


class PostsForm(Form):
    """What somebody is, and where."""

    posts = SelectMultipleField(validate_choice=False)
    _offered: frozenset[str] = frozenset()

    def offer(self, choices: list[tuple[str, str]]) -> None:
        """Offer these roles, each as its value and the words beside its box."""
        self.posts.choices = [SelectChoice(value, words) for value, words in choices]
        self._offered = frozenset(value for value, _words in choices)

    def validate_posts(self, field: Field) -> None:
        """Refuse none at all, and what was not offered: a library that is not there, a role of no house."""
        chosen = set(field.data or [])
        if not chosen or not chosen <= self._offered:
            raise ValidationError("no_role")

    def chosen(self) -> list[Post]:
        """Return the roles that were ticked."""
        return [post_of(value) for value in self.posts.data or []]


class InvitationForm(PostsForm):
    """Whom to invite, and what they will be."""

    name = StringField(
        filters=[_tidied],
        validators=[
            InputRequired("staff_name_missing"),
            Length(max=_LONGEST_NAME, message="staff_name_too_long"),
            Regexp(_NAME, message="staff_name_odd"),
        ],
    )
    email = StringField(
        filters=[_as_kept],
        validators=[
            InputRequired("staff_email_missing"),
            Length(max=_LONGEST_EMAIL, message="staff_email_wrong"),
            _is_address,
        ],
    )
    language = SelectField(
        choices=[SelectChoice("nb", "Bokmål"), SelectChoice("nn", "Nynorsk"), SelectChoice("en", "English")],
        default=Language.NB.value,
        validate_choice=False,
    )

    # Declared again so that it comes last, also in the list of what is missing.
    posts = SelectMultipleField(validate_choice=False)

    def validate_language(self, field: Field) -> None:
        """Refuse a language in which the house does not speak."""
        if field.data not in set(Language):
            raise ValidationError("language_unknown")


def value_of(post: Post) -> str:
    """Return a role and its library as one value for a box."""
    role, library_id = post
    return f"{role.value}:{library_id or ''}"


def post_of(value: str) -> Post:
    """Return the role and the library that a box stands for."""
    role, _colon, library_id = value.partition(":")
    return Role(role), int(library_id) if library_id else None
