"""What can be said of a library without asking the database: languages and municipalities."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final, Protocol, TypeVar

from booking.errors import Refusal


class Language(StrEnum):
    """The languages in which the house speaks: bokmål, nynorsk and English."""

    NB = "nb"
    NN = "nn"
    EN = "en"


class SlugTaken(Refusal):
    """Another library has this word in its address."""

    code: ClassVar[str] = "library_slug_taken"
    field: ClassVar[str | None] = "slug"


class CodeTaken(Refusal):
    """Another library has this short code."""

    code: ClassVar[str] = "library_code_taken"
    field: ClassVar[str | None] = "code"


class ColourTooPale(Refusal):
    """White words on this colour could not be read by everybody."""

    code: ClassVar[str] = "library_colour_too_pale"
    field: ClassVar[str | None] = "colour"


@dataclass(frozen=True, kw_only=True)
class Note:
    """What a library says of its building and opening hours, in one language."""

    accessibility: str
    opening: str


@dataclass(frozen=True, kw_only=True)
class LibraryFacts:
    """All that is told of a library. Its name and the name of its municipality may differ."""

    slug: str
    code: str
    name: str
    municipality_code: str
    municipality_name: str
    email: str
    phone: str
    street: str
    postcode: str
    town: str
    latitude: float
    longitude: float
    colour: str
    notes: Mapping[Language, Note]


class InALanguage(Protocol):
    """A text that says which language it is in."""

    @property
    def language(self) -> Any: ...  # noqa: ANN401, D102 – a column in models, a value elsewhere


Text = TypeVar("Text", bound=InALanguage)

# Bokmål and nynorsk stand in for each other first; whoever reads neither gets English if there is any.
_INSTEAD: Final[Mapping[Language, tuple[Language, ...]]] = {
    Language.NB: (Language.NB, Language.NN, Language.EN),
    Language.NN: (Language.NN, Language.NB, Language.EN),
    Language.EN: (Language.EN, Language.NB, Language.NN),
}


def best_text(texts: Iterable[Text], language: str) -> Text:
    """Return the text in the language, or in the one that its readers understand best."""
    by_language = {str(text.language): text for text in texts}
    return next(by_language[code] for code in _INSTEAD[Language(language)] if code in by_language)


# WCAG 2.2, 1.4.3: what words of ordinary size need against what they stand on.
LEAST_CONTRAST: Final = 4.5


def contrast_with_white(colour: str) -> float:
    """Return the contrast of a colour such as "#7a3e2b" with white, by the formula of WCAG 2.2."""
    red, green, blue = (_light(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _light(channel: float) -> float:
    dark_end = 0.04045
    return channel / 12.92 if channel <= dark_end else ((channel + 0.055) / 1.055) ** 2.4


def check_colour(colour: str) -> None:
    """Refuse ColourTooPale when white words on the colour are hard to read."""
    if contrast_with_white(colour) < LEAST_CONTRAST:
        raise ColourTooPale
