"""A poster as PDF: tagged for screen readers (PDF/UA-1), its fonts in it, and nothing fetched for it."""

import json
import unicodedata
from pathlib import Path
from typing import Any, Final, Literal

import segno
import typst

_TEMPLATES: Final = Path(__file__).parent
_BORDER: Final = 2
_NOT_SHOWN: Final = frozenset({"So", "Sk", "Cc", "Cf", "Cs", "Co", "Cn"})


def poster_pdf(data: dict[str, Any]) -> bytes:
    """Return the A4 poster."""
    return _compiled("poster.typ", data)


def flyers_pdf(data: dict[str, Any]) -> bytes:
    """Return an A4 sheet of four flyers to cut."""
    return _compiled("flyers.typ", data)


def qr_svg(link: str) -> str:
    """Return the link as a QR code; level M still reads when a corner of the paper is torn."""
    return str(segno.make(link, error="m", micro=False).svg_inline(scale=4, border=_BORDER))


def _compiled(template: str, data: dict[str, Any]) -> bytes:
    # Words go in as data and never as part of the template: a title may hold what Typst would obey.
    shown = {name: showable(value) for name, value in data.items()}
    told = {"data": json.dumps({**shown, "qr": qr_svg(data["link"])})}
    try:
        return _made(template, told, "ua-1")
    except typst.TypstError:
        # The standard forbids a letter that the font lacks, such as those of a script we have no font for.
        # A poster with a box in it is better than none.
        return _made(template, told, None)


def showable(value: Any) -> Any:  # noqa: ANN401 – words, a list of them, or a number
    """Return the words without what the poster's font cannot show: pictures, and signs that nobody sees."""
    if isinstance(value, list):
        return [showable(each) for each in value]
    if not isinstance(value, str):
        return value
    shown = "".join(letter for letter in value if unicodedata.category(letter) not in _NOT_SHOWN)
    return " ".join(shown.split())


def _made(template: str, told: dict[str, str], standard: Literal["ua-1"] | None) -> bytes:
    made = typst.compile(
        str(_TEMPLATES / template),
        root=str(_TEMPLATES),
        format="pdf",
        sys_inputs=told,
        ignore_system_fonts=True,
        pdf_standards=standard,
    )
    assert isinstance(made, bytes)  # noqa: S101 – one document, and no file to write it to
    return made
