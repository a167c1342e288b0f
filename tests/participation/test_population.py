"""How many live where: the counts that come with the service, newer ones, and files that cannot be."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.participation.population import GIVEN, Ages, UnreadablePopulation, read_population
from booking.participation.population_models import Population, Target
from booking.participation.population_operations import TargetOfNothing, TargetOutOfReach, set_target
from booking.participation.population_queries import residents_by_library, targets_in
from booking.staff.rules import Role
from tests.conftest import StoppedClock
from tests.factories import make_account, make_library
from tests.participation.test_facts import AUTUMN

HEADING = "municipality_code;year;ages;persons;source"


def run(app: Flask, *words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["figures", "import-population", *words])
    return done.exit_code, done.output


def test_the_given_counts_are_those_of_the_definitions() -> None:
    counts = {
        (each.municipality_code, each.year, each.ages): each.persons
        for each in read_population(GIVEN.read_text())
    }

    assert len(counts) == 32
    assert [counts[code, 2018, Ages.AGE_6_18] for code in ("3401", "3414", "3415", "3416")] == [
        2634,
        743,
        1126,
        826,
    ]
    assert [counts["3416", 2026, ages] for ages in Ages] == [716, 355, 179, 182, 760, 6103]
    bands = (Ages.AGE_6_12, Ages.AGE_13_15, Ages.AGE_16_18)
    for code in ("3401", "3414", "3415", "3416"):
        assert sum(counts[code, 2026, ages] for ages in bands) == counts[code, 2026, Ages.AGE_6_18]


def test_counts_are_imported_once_and_newer_ones_take_their_place(
    app: Flask, tmp_path: Path, arranging: Callable[[], AbstractContextManager[Session]]
) -> None:
    newer = tmp_path / "newer.csv"
    newer.write_text(f"\ufeff# from the bureau\n{HEADING}\n3416;2026;6_18;720;SSB\n3416;2027;6_18;731;SSB\n")

    assert run(app) == (0, "32 added, 0 changed, 0 as before.\n")
    assert run(app) == (0, "0 added, 0 changed, 32 as before.\n")
    assert run(app, str(newer)) == (0, "1 added, 1 changed, 0 as before.\n")
    with arranging() as session:
        assert session.scalar(select(func.count()).select_from(Population)) == 33


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The first line must be"),
        ("code;year\n3416;2026", "The first line must be"),
        (f"{HEADING}\n341;2026;6_18;720;SSB", "four digits"),
        (f"{HEADING}\n3416;26;6_18;720;SSB", "four digits"),
        (f"{HEADING}\n3416;2026;6_18;-1;SSB", "a count is a number"),
        (f"{HEADING}\n3416;2026;6_18;720;", "somebody says so"),
        (f"{HEADING}\n3416;2026;7_18;720;SSB", "7_18"),
        (f"{HEADING}\n3416;2026;6_18;720", "cannot be"),
        (f"{HEADING}\n3416;2026;6_18;1;SSB\n3416;2026;6_18;2;SSB", "has two counts"),
    ],
)
def test_a_file_that_cannot_be_is_refused_whole(text: str, says: str) -> None:
    with pytest.raises(UnreadablePopulation, match=says):
        read_population(text)


def test_a_file_that_is_refused_changes_nothing(
    app: Flask, tmp_path: Path, arranging: Callable[[], AbstractContextManager[Session]]
) -> None:
    wrong, binary = tmp_path / "wrong.csv", tmp_path / "binary.csv"
    wrong.write_text(f"{HEADING}\n3416;2026;6_18;720;SSB\n3416;2026;6_18;many;SSB\n")
    binary.write_bytes(b"\xff\xfe\x00")

    assert [run(app, str(file))[0] for file in (wrong, binary)] == [1, 1]
    with arranging() as session:
        assert session.scalar(select(func.count()).select_from(Population)) == 0


def test_residents_are_of_the_year_or_of_the_last_year_known_before_it(
    session: Session, clock: StoppedClock, app: Flask
) -> None:
    library = make_library(session, municipality_code="3416")
    for year, persons in ((2018, 826), (2026, 716)):
        session.add(
            Population(
                municipality_code="3416",
                year=year,
                ages=Ages.AGE_6_18,
                persons=persons,
                source="SSB",
                imported_at=clock(),
            )
        )
    session.flush()

    found = {
        year: residents_by_library(session, library_ids=[library.id], year=year)[library.id]
        for year in (2017, 2018, 2025, 2026, 2030)
    }

    assert {year: (each.year, each.persons) if each else None for year, each in found.items()} == {
        2017: None,
        2018: (2018, 826),
        2025: (2018, 826),
        2026: (2026, 716),
        2030: (2026, 716),
    }


def test_a_target_is_what_somebody_entered_last(session: Session, clock: StoppedClock) -> None:
    library = make_library(session)
    account = make_account(session, Role.COORDINATOR)

    def aim(library_id: int | None, amount: str | None) -> None:
        set_target(
            session,
            clock,
            library_id=library_id,
            metric_code="dose_sessions",
            period=AUTUMN,
            amount=None if amount is None else Decimal(amount),
            account_id=account.id,
        )

    for amount in ("2.5", "3.25"):
        aim(library.id, amount)
    aim(None, "4")

    assert [(each.library_id, each.amount) for each in targets_in(session, period=AUTUMN)] in (
        [(library.id, 325), (None, 400)],
        [(None, 400), (library.id, 325)],
    )
    aim(None, None)
    aim(None, None)
    assert session.scalars(select(Target.amount)).all() == [325]


@pytest.mark.parametrize(
    ("code", "amount", "refusal"),
    [
        ("loneliness", 1, TargetOfNothing),
        ("unique", -1, TargetOutOfReach),
        ("unique", 10**8, TargetOutOfReach),
    ],
)
def test_there_are_targets_of_figures_only(
    session: Session, clock: StoppedClock, code: str, amount: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        set_target(
            session,
            clock,
            library_id=None,
            metric_code=code,
            period=AUTUMN,
            amount=Decimal(amount),
            account_id=1,
        )

    assert session.scalar(select(func.count()).select_from(Target)) == 0
