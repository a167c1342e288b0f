"""The region as it stood, as one document: what is open to everybody, to be kept and read again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.participation.figures import Period
from booking.participation.population_queries import Residents
from booking.publications.tables import PublishedTable, Table
from booking.reports.held_queries import Held
from booking.reports.region_queries import Pilot, Region, Titled
from booking.reports.rules import SafeMeetings
from booking.reports.target_queries import Targets

Document = dict[str, Any]
AllTargets = Mapping[int | None, Targets]


@dataclass(frozen=True, kw_only=True)
class Title:
    """What a pilot was called in one language."""

    language: Language
    title: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The region as its page told it on a day, and what the project had set itself by then."""

    region: Region
    targets: AllTargets


def document_of(region: Region, targets: AllTargets) -> Document:
    """Return what the page tells of meetings and targets; what counts persons is published by itself."""
    return {
        "meetings": {str(key): asdict(counts) for key, counts in region.meetings.items()},
        "oldest": {str(key): day.isoformat() for key, day in region.oldest.items()},
        "with_other_sector": {str(key): number for key, number in region.with_other_sector.items() if number},
        "weeks": [
            [key, week.isoformat(), asdict(held)] for (key, week), held in sorted(region.by_week.items())
        ],
        "all_weeks": {week.isoformat(): asdict(counts) for week, counts in sorted(region.weeks.items())},
        "pilots": [_pilot(each) for each in region.pilots],
        "residents": {code: asdict(each) for code, each in region.residents.items()},
        "targets": [
            [library_id, code, str(amount)]
            for library_id, several in targets.items()
            for code, amount in several.items()
        ],
    }


def standing_of(
    told: Document,
    *,
    period: Period,
    libraries: Sequence[Library],
    tables: Mapping[Table, PublishedTable],
    told_through: Sequence[date],
) -> Standing:
    """Return the region of such a document, with the tables that were published by then.

    Libraries have the names that they have now; those that came later are no part of it.
    """
    meetings = {int(key): SafeMeetings(**counts) for key, counts in told["meetings"].items()}
    known = {library.id: library for library in libraries if library.id in meetings}
    targets: dict[int | None, dict[str, Decimal]] = {}
    for library_id, code, amount in told["targets"]:
        targets.setdefault(library_id, {})[code] = Decimal(amount)
    region = Region(
        period=period,
        libraries=list(known.values()),
        meetings=meetings,
        oldest={int(key): datetime.fromisoformat(at) for key, at in told["oldest"].items()},
        by_week={(key, date.fromisoformat(week)): Held(**held) for key, week, held in told["weeks"]},
        weeks={date.fromisoformat(day): SafeMeetings(**counts) for day, counts in told["all_weeks"].items()},
        pilots=[_pilot_told(each, known) for each in told["pilots"] if each["library"] in known],
        tables=tables,
        with_other_sector=Counter({int(key): number for key, number in told["with_other_sector"].items()}),
        residents={code: Residents(**each) for code, each in told["residents"].items()},
        told_through=told_through,
    )
    return Standing(region=region, targets=targets)


def _pilot(pilot: Pilot) -> Document:
    return {
        "library": pilot.library.id,
        "titles": {text.language.value: text.title for text in pilot.texts},
        "held": asdict(pilot.held),
        "not_recorded": pilot.not_recorded,
    }


def _pilot_told(told: Document, libraries: Mapping[int, Library]) -> Pilot:
    texts: list[Titled] = [
        Title(language=Language(code), title=title) for code, title in told["titles"].items()
    ]
    return Pilot(
        library=libraries[told["library"]],
        texts=texts,
        held=Held(**told["held"]),
        not_recorded=told["not_recorded"],
    )
