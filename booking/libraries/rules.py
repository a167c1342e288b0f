"""What can be said of a library without asking the database: languages and municipalities."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar


class Language(StrEnum):
    """The languages in which the house speaks: bokmål, nynorsk and English."""

    NB = "nb"
    NN = "nn"
    EN = "en"


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
    """Return the text in the language, or in the one that its readers understand best; there is always one."""
    by_language = {str(text.language): text for text in texts}
    return next(by_language[code] for code in _INSTEAD[Language(language)] if code in by_language)
