"""Gathers every sentence of the service, and tells which are not yet said in bokmål and nynorsk."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po, write_po

HOUSE = Path(__file__).parent
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
[jinja2: booking/templates/**.sms]
encoding = utf-8
silent = false
"""


def gather() -> Catalog:
    """Return every sentence that is marked in the code and in the templates."""
    with tempfile.TemporaryDirectory() as folder:
        kinds, template = Path(folder, "kinds.ini"), Path(folder, "messages.pot")
        kinds.write_text(_KINDS, encoding="utf-8")
        command = ["pybabel", "-q", "extract", "-F", str(kinds), "-k", "N_", "-o", str(template), "."]
        CommandLineInterface().run(command)  # type: ignore[no-untyped-call] # Babel tells no type here
        with template.open("rb") as file:
            return read_po(file)


def renew(path: Path, language: str, gathered: Catalog) -> Catalog:
    """Return the catalogue of a language with new sentences in it, still empty, and dropped ones gone."""
    catalogue = _read(path, language)
    # No guesses: a sentence that is almost another says something else.
    catalogue.update(gathered, no_fuzzy_matching=True, update_creation_date=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        # Files without line numbers: a catalogue changes when words do, not when code moves.
        write_po(file, catalogue, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    return catalogue


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(
            locale=language,
            project="Velkommen inn",
            version="1",
            header_comment=f"# What the service says in {language}.",
            msgid_bugs_address="see CONTRIBUTING.md",
            last_translator="Velkommen inn",
            language_team=language,
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=language)


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
    gathered = gather()
    found = 0
    for language in LANGUAGES:
        path = HOUSE / "booking" / "translations" / language / "LC_MESSAGES" / "messages.po"
        for gap in gaps(renew(path, language, gathered)):
            found += 1
            print(f"{language}: {gap}", file=sys.stderr)
    print(f"{found} sentences want work." if found else "Every sentence is said in bokmål and nynorsk.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
