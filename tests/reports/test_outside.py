"""Nobody outside a library learns from its counts: whatever they are, every answer is the same."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from booking.activities.models import Activity
from booking.libraries.models import Library
from booking.participation.operations import record_facts
from booking.participation.rules import Outcome, PersonEntry
from booking.publications.operations import decide_figures, publish_figures
from booking.publications.protection import Rule
from booking.reports.writer import FileForm
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_partner,
)
from tests.participation.test_facts import meeting, person, youth

Arranging = Callable[[], AbstractContextManager[Session]]

# Addresses that are not opened here, each with the reason.
NOT_OPENED = {
    "/staff/audit": "tells what was asked before, and counts no child",
    "/staff/meetings/token": "gives a form its secret, which is chance",
    "/healthz": "is about the house and not about children",
    "/readyz": "is about the house and not about children",
    "/static/<path:filename>": "files that are the same for all",
    "/activities/<slug>/flyers.pdf": "drawn anew each time; its words are those of the page for posters",
    "/activities/<slug>/poster.pdf": "drawn anew each time; its words are those of the page for posters",
    "/staff/activities/<int:activity_id>/poster.pdf": "drawn anew each time, for the library itself",
    "/demo/mailbox/<name>": "letters that were sent, and no counts",
    "/demo/mailbox/<name>/html": "letters that were sent, and no counts",
}
# What a secret link opens is one family's, or one partner's: nobody outside has one, and none is opened here.
SECRET = "token"
# No row of the scene is behind these.
NOWHERE = {"notice_id", "walk_in_id", "signup_id", "participant_id", "account_id", "item_id"}


@dataclass(frozen=True)
class Scene:
    """What there is to open: by the name of the part of the address, and where it stands."""

    watched: Library
    things: dict[str, tuple[str, ...]]


def things_of(session: Session, library: Library, activity: Activity, meeting_uids: Sequence[str]) -> Scene:
    occasion = make_occasion(session, activity=activity)
    meetings = [
        make_meeting(session, occasion=occasion, uid=uid, starts_at=NOON - timedelta(days=20))
        for uid in meeting_uids
    ]
    return Scene(
        watched=library,
        things={
            "library": (library.slug,),
            "slug": (activity.slug,),
            "code": (activity.code,),
            "uid": tuple(meeting_uids),
            "library_id": (str(library.id),),
            "activity_id": (str(activity.id),),
            "occasion_id": (str(occasion.id),),
            "meeting_id": tuple(str(meeting.id) for meeting in meetings),
            "partner_id": (str(make_partner(session).id),),
            "month": ("2026-11", "2026-10"),
            "day": ("2026-10-31", "2026-08-31"),
            "form": tuple(form.value for form in FileForm),
            "purpose": ("permission",),
            "act": ("confirm", "withdraw", "move"),
            **dict.fromkeys(NOWHERE, ("1",)),
        },
    )


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


def addresses(app: Flask, scene: Scene) -> Iterator[str]:
    """Return every address that can be opened; whoever adds one adds what to open there, or a reason."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule in NOT_OPENED or SECRET in rule.arguments:
            continue
        names = sorted(rule.arguments)
        assert set(names) <= scene.things.keys(), f"say what to open at {rule.rule}, or why not"
        is_library = rule.rule.startswith(("/libraries/", "/calendar/<slug>"))
        for values in product(
            *(scene.things["library" if name == "slug" and is_library else name] for name in names)
        ):
            address = rule.rule
            for name, value in zip(names, values, strict=True):
                address = re.sub(rf"<([^<>]+:)?{name}>", value, address)
            yield address


# The rest has to be the same too: an ETag or a length would tell that something is another than it was.
CHANCE = {"Set-Cookie", "Date", "Expires"}


def everything(app: Flask, browser: Browser, scene: Scene) -> dict[str, bytes]:
    """Return what every address answers, without what is chance in it."""
    found = {}
    for address in addresses(app, scene):
        with browser._client.get(address, headers={"Accept-Language": "en"}) as answer:
            told = re.sub(rb'(name="csrf_token"[^>]*value|nonce)="[^"]*"', b"", answer.get_data())
            headers = [f"{name}: {value}" for name, value in answer.headers if name not in CHANCE]
            headers = [re.sub(r"'nonce-[^']*'", "", each) for each in headers]
            found[address] = b"\n".join([str(answer.status_code).encode(), *map(str.encode, headers), told])
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
        activity = make_activity(session, library=watched)
        scene = things_of(session, watched, activity, [f"old {watched.id}", f"new {watched.id}"])
        publish(session, clock)
        if role is not None:
            browser.sign_in_as(make_account(session, role, library=watched if is_own else other))
    before = everything(app, browser, scene)

    with arranging() as session:
        hold(session, clock, f"old {watched.id}", watched.id, date(2026, 10, 6), 1)
        hold(session, clock, f"new {watched.id}", watched.id, date(2026, 11, 10), 1)
    after = everything(app, browser, scene)

    different = {address for address in before if before[address] != after[address]}
    assert ("/staff/figures" in different, bool(different)) == (learns, learns), different
    of_files = [address for address in before if address.startswith("/participation/files")]
    assert len(of_files) == len(FileForm)
    # What is opened is really there: the walk is worth nothing if it meets closed doors alone.
    opened = {address for address, answer in before.items() if answer.startswith(b"200")}
    assert {
        f"/activities/{activity.slug}",
        "/participation",
        "/participation/as-it-stood/2026-10-31",
    } <= opened


def publish(session: Session, clock: StoppedClock) -> None:
    published = 1
    while published:
        decided = decide_figures(session, clock, rule=Rule(), leaving_out=())
        published = publish_figures(session, clock, decided=decided)
