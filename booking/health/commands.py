"""The command that holds every promise which data can show against the data."""

import sys
from collections.abc import Callable, Iterator
from typing import Final

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from booking.health.promise_queries import (
    broken_histories,
    broken_record,
    doubled_signups,
    overfull_occasions,
    unasked_signups,
)
from booking.health.register_queries import (
    facts_unlike_their_register,
    facts_without_a_register,
    registers_without_facts,
)
from booking.pages import settings_in_use
from booking.participation.checking import (
    telling_texts,
    wrong_first_meetings,
    wrong_meetings,
    wrong_months,
)
from booking.publications.checking import publications_below, telling_publications, wrong_publications
from booking.reports.standing_checking import wrong_standings
from booking.work import reading

_SHOWN: Final = 5
_TOLD_EVERY: Final = 100

PROMISES: Final[tuple[tuple[str, Callable[[Session], Iterator[str | None]]], ...]] = (
    ("Never one more child than places", overfull_occasions),
    ("Nobody stands twice in one occasion", doubled_signups),
    ("Every sign-up stands where its history leads", broken_histories),
    ("Whoever is waited for was asked by a letter", unasked_signups),
    ("The record of who did what is whole", broken_record),
    ("Only closed registers are counted", facts_without_a_register),
    ("Every closed register is counted", registers_without_facts),
    ("Facts are those of their registers", facts_unlike_their_register),
    ("Each meeting comes to what is kept beside it", wrong_meetings),
    ("Months are the sum of their meetings", wrong_months),
    ("First times are first times", wrong_first_meetings),
    ("No fact holds what could be a name", telling_texts),
    ("What was let out is what was counted", wrong_publications),
    ("Nobody can work out few from what was let out", telling_publications),
    ("What is kept beside what was let out adds up", wrong_standings),
)


@click.command()
@with_appcontext
def doctor() -> None:
    """Check every promise that data can show; end with 1 if one of them does not hold."""
    least = settings_in_use().least_count
    with reading() as (session, _clock):
        broken = [name for name, ask in PROMISES if not _holds(session, name, ask)]
        _note(
            "Figures were let out under a lower least count", publications_below(session, least_count=least)
        )
    click.echo(f"{len(PROMISES) - len(broken)} of {len(PROMISES)} promises hold.")
    sys.exit(1 if broken else 0)


def _holds(session: Session, name: str, ask: Callable[[Session], Iterator[str | None]]) -> bool:
    wrong: list[str] = []
    looked_at = 0
    for found in ask(session):
        looked_at += 1
        wrong += [found] if found else []
        if looked_at % _TOLD_EVERY == 0:
            click.echo(f"\r… {name}: {looked_at}", nl=False, err=True)
    if looked_at >= _TOLD_EVERY:
        click.echo("\r", nl=False, err=True)
    click.echo(f"{'not ok' if wrong else 'ok':<7} {name}")
    for line in wrong[:_SHOWN]:
        click.echo(f"        {line}")
    if len(wrong) > _SHOWN:
        click.echo(f"        and {len(wrong) - _SHOWN} more")
    return not wrong


def _note(name: str, found: Iterator[str | None]) -> None:
    """Say what is no broken promise and cannot be mended, and what whoever asks should know."""
    if lines := [line for line in found if line]:
        click.echo(f"{'note':<7} {name}")
        for line in lines:
            click.echo(f"        {line}")
