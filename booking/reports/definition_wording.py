"""What each number means, for everybody, and who sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from booking.reports.cells import Table
from booking.reports.messages import MEETINGS, PILOT_COLUMNS
from booking.reports.metric_messages import METRIC_WORDS, PARTS
from booking.reports.outside_messages import IS_OPEN, OUTSIDE, OUTSIDE_WORDS
from booking.reports.published_wording import TABLE_WORDS
from booking.reports.sign_wording import meanings_of_signs


@dataclass(frozen=True, kw_only=True)
class Defined:
    """A figure of the definitions: what it means, and who sees it."""

    code: str
    name: str
    meaning: str
    seen: str
    is_open: bool


def definitions() -> Sequence[tuple[str, str, str]]:
    """Return each number’s code, by which it can be linked to, its name and its meaning."""
    counts = [(code, name, meaning) for code, (name, meaning) in {**MEETINGS, **PILOT_COLUMNS}.items()]
    told = [(code.value, name, meaning) for code, (name, meaning) in TABLE_WORDS.items()]
    return [
        (code.replace("_", "-"), gettext(name), gettext(meaning)) for code, name, meaning in counts + told
    ]


def metric_definitions() -> Sequence[tuple[str, Sequence[Defined]]]:
    """Return every figure of the definitions, in its part, with who sees it."""
    return [(gettext(title), [_defined(code) for code in codes]) for title, codes in PARTS]


def _defined(code: str) -> Defined:
    name, meaning = METRIC_WORDS[code]
    where = OUTSIDE[code]
    return Defined(
        code=f"metric-{code.replace('_', '-')}",
        name=gettext(name),
        meaning=gettext(meaning),
        seen=gettext(OUTSIDE_WORDS[where]),
        is_open=where in IS_OPEN,
    )


def definitions_table() -> Table:
    """Return what each number means, and each sign where there is none."""
    rows = [
        *((name, meaning) for _code, name, meaning in definitions()),
        *(
            (each.name, f"{each.meaning} {each.seen}")
            for _part, several in metric_definitions()
            for each in several
        ),
        *meanings_of_signs(),
    ]
    columns = (("word", gettext("Word")), ("meaning", gettext("Meaning")))
    return Table(
        code="definitions", title=gettext("What the numbers mean"), columns=columns, rows=tuple(rows)
    )
