"""Nobody outside a library learns from its counts: whatever they are, every answer is the same."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from booking.participation.operations import record_facts
from booking.participation.rules import Outcome, PersonEntry
from booking.publications.operations import decide_figures, publish_figures
from booking.publications.protection import Rule
from booking.reports.writer import FileForm
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_account, make_library
from tests.participation.test_facts import meeting, person, youth

Arranging = Callable[[], AbstractContextManager[Session]]

# What stands in an address that is about figures; every other one with a part to fill in is about one thing.
PARTS = {"form": [form.value for form in FileForm]}
OF_FIGURES = ("/participation", "/staff/figures", "/api/v1/participation")
# These tell what was asked before, or are about the house and not about children.
TELL_OF_ASKING = {"/staff/audit", "/staff/meetings/token", "/healthz", "/readyz"}


def entries(library_id: int, count: int, outcome: Outcome = Outcome.CAME) -> tuple[PersonEntry, ...]:
    return tuple(person(f"{library_id}-{outcome}-{each}", outcome) for each in range(count))


def hold(session: Session, clock: StoppedClock, uid: str, library_id: int, day: date, count: int) -> None:
    starts_at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    facts = meeting(
        uid,
        library_id,
        held_on=day,
        starts_at=starts_at,
        ends_at=starts_at.replace(hour=17),
        persons=(*entries(library_id, count), *entries(library_id, 5 - count, Outcome.DID_NOT_COME)),
        headcounts=(youth(count),),
    )
    record_facts(session, clock, facts=facts)


def addresses(app: Flask) -> Iterator[str]:
    """Return every address that can be opened without knowing a thing by its name."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.rule not in TELL_OF_ASKING:
            if not rule.arguments:
                yield rule.rule
            elif rule.arguments <= PARTS.keys() and rule.rule.startswith(OF_FIGURES):
                yield from (rule.rule.replace("<form>", form) for form in PARTS["form"])


def everything(app: Flask, browser: Browser) -> dict[str, bytes]:
    """Return what every address answers, without what is chance in it."""
    found = {}
    for address in addresses(app):
        with browser._client.get(address, headers={"Accept-Language": "en"}) as answer:
            told = re.sub(rb'(name="csrf_token"[^>]*value|nonce)="[^"]*"', b"", answer.get_data())
            found[address] = str(answer.status_code).encode() + told
    return found


@pytest.mark.parametrize(
    ("role", "is_own", "learns"),
    [
        (None, False, False),
        (Role.COORDINATOR, False, False),
        (Role.LIBRARIAN, False, False),
        (Role.LIBRARIAN, True, True),
    ],
    ids=["nobody", "coordinator", "elsewhere", "own"],
)
def test_whatever_the_counts_are_every_answer_outside_is_the_same(
    app: Flask,
    arranging: Arranging,
    browser: Browser,
    clock: StoppedClock,
    role: Role | None,
    is_own: bool,
    learns: bool,
) -> None:
    with arranging() as session:
        watched, other = make_library(session), make_library(session)
        for library, count in ((watched, 3), (other, 5)):
            hold(session, clock, f"old {library.id}", library.id, date(2026, 10, 6), count)
            hold(session, clock, f"new {library.id}", library.id, date(2026, 11, 10), count)
        publish(session, clock)
        if role is not None:
            browser.sign_in_as(make_account(session, role, library=watched if is_own else other))
    before = everything(app, browser)

    with arranging() as session:
        hold(session, clock, f"old {watched.id}", watched.id, date(2026, 10, 6), 1)
        hold(session, clock, f"new {watched.id}", watched.id, date(2026, 11, 10), 1)
    after = everything(app, browser)

    different = {address for address in before if before[address] != after[address]}
    assert ("/staff/figures" in different, bool(different)) == (learns, learns)
    assert len([address for address in before if address.startswith("/participation/files")]) == len(FileForm)


def publish(session: Session, clock: StoppedClock) -> None:
    published = 1
    while published:
        decided = decide_figures(session, clock, rule=Rule(), leaving_out=())
        published = publish_figures(session, clock, decided=decided)
