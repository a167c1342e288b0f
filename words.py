"""Gathers every sentence of the service, and tells which are not yet said in bokmål and nynorsk."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent / "booking" / "translations"
LANGUAGES = ("nb", "nn")

# Which files hold sentences, and how they are marked in each kind.
_KINDS = """
[python: booking/**.py]
[jinja2: booking/templates/**.html]
encoding = utf-8
silent = false
[jinja2: booking/templates/**.txt]
encoding = utf-8
silent = false
"""


def gather() -> None:
    """Bring both catalogues up to date with the code: new sentences come in empty, dropped ones go."""
    with tempfile.TemporaryDirectory() as folder:
        kinds, template = Path(folder, "kinds.ini"), Path(folder, "messages.pot")
        kinds.write_text(_KINDS, encoding="utf-8")
        _babel("extract", "-F", str(kinds), "-k", "N_", "--add-location=file", "--sort-by-file",
               "--omit-header", "-o", str(template), ".")  # fmt: skip
        for language in LANGUAGES:
            # No guesses: a sentence that is almost another says something else.
            _babel("update", "-i", str(template), "-d", str(CATALOGUES), "-l", language, "--init-missing",
                   "--ignore-obsolete", "--no-fuzzy-matching", "--ignore-pot-creation-date")  # fmt: skip


def _babel(*arguments: str) -> None:
    CommandLineInterface().run(["pybabel", "-q", *arguments])  # type: ignore[no-untyped-call] # Babel tells no type


def gaps(catalogue: Catalog) -> Iterator[str]:
    """Yield a line for each sentence that is missing, is only a guess, or has lost one of its places."""
    for message in catalogue:
        if message.id and not _is_said(message):
            yield f"not translated: {message.id}"
    for message, errors in catalogue.check():
        yield from (f"{error}: {message.id}" for error in errors)


def _is_said(message: Message) -> bool:
    said = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(said) and not message.fuzzy


def main() -> int:
    """Gather, then print each gap; return how the process should end."""
    gather()
    found = 0
    for language in LANGUAGES:
        path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
        with path.open("rb") as file:
            for line in gaps(read_po(file, locale=language)):
                found += 1
                print(f"{language}: {line}", file=sys.stderr)
    print(f"{found} sentences want work" if found else "Every sentence is said in bokmål and nynorsk.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
