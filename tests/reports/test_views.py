"""Exact figures for a library's own staff; for everybody else no name and no count of persons."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.queries import get_own_meeting
from booking.activities.rules import Kind, MeetingState
from booking.attendance.door import Answers, Unknown
from booking.attendance.operations import close_meeting, count, mark
from booking.attendance.rules import Standing, Telling
from booking.libraries.models import Library
from booking.participation.metrics import METRICS
from booking.participation.rules import HeadcountBand, MeetingOutcome
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.tokens import new_uid
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)

Arranging = Callable[[], AbstractContextManager[Session]]

# Numbers of persons that stand for nothing else on the pages.
DROPPED_IN, ADULTS = 137, 59
CHILDREN = 17
CANARIES = ("Kanarine", "Fuglestad", "Voksenfugl", "kanari@example.org", "91919191")
AUTUMN = "?from=2026-08-01&to=2026-12-31"


@dataclass
class Scene:
    """A library with one closed meeting full of planted names, and some that are not recorded."""

    library: Library
    librarian: Account
    stranger: Account
    coordinator: Account
    open_meeting: Meeting


def _closed_meeting(session: Session, clock: StoppedClock, library: Library, librarian: Account) -> None:
    activity = make_activity(session, library=library)
    occasion = make_occasion(session, activity=activity, capacity=200)
    made = make_meeting(session, occasion=occasion, starts_at=NOON - timedelta(hours=1))
    family = make_family(session, email="kanari@example.org", phone="+4791919191", contact_name="Voksenfugl")
    before = NOON - timedelta(days=3)
    children = [
        make_participant(session, family=family, first_name=f"Kanarine{number}", last_name="Fuglestad")
        for number in range(CHILDREN)
    ]
    for child in children:
        make_signup(session, occasion=occasion, participant=child, changed_at=before)
    session.expire_all()
    meeting = get_own_meeting(session, made.id, library_ids={library.id})
    for child in children[:-1]:
        said = Telling(event_id=new_uid(), told_at=None, device="a", account_id=librarian.id)
        mark(session, clock, meeting=meeting, participant_id=child.id, standing=Standing.CAME, telling=said)
    for band, delta in ((HeadcountBand.AGE_6_12, DROPPED_IN), (HeadcountBand.ADULTS, ADULTS)):
        said = Telling(event_id=new_uid(), told_at=None, device="a", account_id=librarian.id)
        count(session, clock, meeting=meeting, band=band, delta=delta, telling=said)
    answers = Answers(outcome=MeetingOutcome.HELD, unknown=Unknown.DID_NOT_COME)
    close_meeting(session, clock, meeting=meeting, answers=answers, account_id=librarian.id)


@pytest.fixture
def scene(arranging: Arranging, clock: StoppedClock) -> Scene:
    with arranging() as session:
        library, other = make_library(session), make_library(session, name="Elvebredden bibliotek")
        librarian = make_account(session, Role.LIBRARIAN, library=library)
        _closed_meeting(session, clock, library, librarian)
        occasion = make_occasion(session, activity=make_activity(session, library=library))
        internal = make_activity(session, library=library, kind=Kind.STAFF_TRAINING)
        yesterday = NOON - timedelta(days=1)
        made = Scene(
            library=library,
            librarian=librarian,
            stranger=make_account(session, Role.LIBRARIAN, library=other),
            coordinator=make_account(session, Role.COORDINATOR),
            open_meeting=make_meeting(session, occasion=occasion, starts_at=yesterday),
        )
        for hours in (2, 4, 6):
            make_meeting(
                session,
                occasion=occasion,
                starts_at=yesterday - timedelta(hours=hours),
                state=MeetingState.CALLED_OFF,
            )
        make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=1))
        make_meeting(session, occasion=make_occasion(session, activity=internal), starts_at=yesterday)
        return made


def table_of(text: str) -> dict[str, list[str]]:
    """The rows of the page's table: the first words of each, and the cells after it."""
    rows: dict[str, list[str]] = {}
    for row in re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL):
        head = re.search(r"<th scope=\"row\"[^>]*>(.*?)</th>", row, re.DOTALL)
        if head:
            words = [each.strip() for each in re.sub(r"<[^>]+>", "\n", head[1]).split("\n") if each.strip()]
            cells = [each.strip() for each in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
            rows.setdefault(words[0], cells)
    return rows


def test_a_library_sees_its_own_figures_exactly(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)

    rows = table_of(browser.get("/staff/figures").text)

    assert rows["Meetings held"][0] == "1"
    assert rows["Meetings called off"][0] == "3"
    assert rows["Meetings not yet recorded"][0] == "1"
    assert rows["Attendances"][0] == str(CHILDREN - 1 + DROPPED_IN)
    assert rows["Participants for the national library statistics"][0] == str(
        CHILDREN - 1 + DROPPED_IN + ADULTS
    )
    persons, beside = rows["Different children and youth"][0].split(" ", 1)
    assert (persons, f"and {DROPPED_IN} attendances without a name" in beside) == (str(CHILDREN - 1), True)
    assert rows["Contact hours"][0] == "306.0"
    assert rows["Stayed away without a word"][0] == "6%"
    assert rows["Cancelled too late"][0] == "0%"


def test_each_figure_has_its_definition_one_tap_away(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)

    page = browser.get("/staff/figures").text

    assert page.count('class="definition"') == len(METRICS)
    assert "Who came three times is counted three times." in page


def test_what_is_missing_says_so_and_leads_to_the_register(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)
    page = browser.get("/staff/figures?from=2026-11-23&to=2026-11-23").text

    assert f"/staff/meetings/{scene.open_meeting.id}/register" in page
    assert "One meeting is not recorded yet" in page
    assert table_of(page)["Attendances"][0] == "missing"
    assert table_of(page)["Meetings held"][0] == "0"


def test_where_nothing_was_held_there_is_nothing_to_tell(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.stranger)

    rows = table_of(browser.get("/staff/figures").text)

    assert (rows["Meetings held"][0], rows["Attendances"][0]) == ("0", "–")


def test_another_librarys_figures_are_not_on_the_page(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.stranger)

    page = browser.get(f"/staff/figures{AUTUMN}").text

    assert "Granlia bibliotek" not in page
    assert str(DROPPED_IN) not in page


def safe_pages(browser: Browser, scene: Scene) -> list[str]:
    """Every page with figures that the coordinator and a stranger to the service can open."""
    anonymous = [browser.get(address).text for address in ("/participation", "/", "/about", "/privacy")]
    browser.sign_in_as(scene.coordinator)
    addresses = ("/staff/figures/all", f"/staff/figures/all{AUTUMN}", "/participation")
    days = "?from=2026-11-24&to=2026-11-24"
    return [
        *anonymous,
        *(browser.get(address).text for address in addresses),
        browser.get(f"/staff/figures/all{days}").text,
        browser.get("/staff/figures/all?from=x").text,
        browser.get("/staff/figures").text,
        browser.get("/staff/").text,
    ]


def test_the_coordinator_and_everybody_else_see_no_name_and_no_count_of_persons(
    browser: Browser, scene: Scene
) -> None:
    pages = safe_pages(browser, scene)

    counts = {CHILDREN, CHILDREN - 1, DROPPED_IN, ADULTS, CHILDREN - 1 + DROPPED_IN}
    counts |= {CHILDREN - 1 + DROPPED_IN + ADULTS, CHILDREN + DROPPED_IN, 306}
    for page in pages:
        assert not [canary for canary in CANARIES if canary in page]
        words = re.sub(r"<script.*?</script>|<svg.*?</svg>|<nav.*?</nav>|<[^>]+>", " ", page, flags=re.DOTALL)
        numbers = {int(number) for number in re.findall(r"(?<![\d.:/–])\d+(?![\d.:/–])", words)}
        assert not numbers & counts


@pytest.mark.parametrize("address", ["/participation", "/staff/figures/all"])
def test_meetings_are_counted_for_each_library_and_together(
    browser: Browser, scene: Scene, address: str
) -> None:
    browser.sign_in_as(scene.coordinator)

    rows = table_of(browser.get(address).text)

    assert rows["Elvebredden bibliotek"][:3] == ["0", "0", "0"]
    assert rows["All libraries"][:3] == ["1", "3", "1"]
    assert [row[1:] for row in rows.items() if row[0] == "48"] == [(["0", "1"],)]


def test_who_may_not_see_figures_finds_none(browser: Browser, scene: Scene, arranging: Arranging) -> None:
    with arranging() as session:
        door = make_account(session, Role.DOOR, library=scene.library)
    anonymous = [browser.get(address).status_code for address in ("/staff/figures", "/staff/figures/all")]
    browser.sign_in_as(door)
    at_the_door = [browser.get(address).status_code for address in ("/staff/figures", "/staff/figures/all")]
    browser.sign_in_as(scene.librarian)

    assert anonymous == [303, 303]
    assert at_the_door == [404, 404]
    assert browser.get("/staff/figures/all").status_code == 404


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("from=2026-11-31", "We did not understand that day."),
        ("to=soon", "We did not understand that day."),
        ("from=2026-11-24&to=2026-11-23", "The last day comes before the first."),
        ("from=2000-01-01&to=2026-01-01", "That is more than five years."),
        ("to=9999-12-31", "Choose days between 2000 and 2100."),
        ("from=0001-01-01", "Choose days between 2000 and 2100."),
    ],
)
def test_days_that_make_no_period_are_refused_beside_the_field(
    browser: Browser, scene: Scene, days: str, said: str
) -> None:
    browser.sign_in_as(scene.librarian)

    answer = browser.get(f"/staff/figures?{days}")

    assert answer.status_code == 422
    assert answer.text.count(said) == 2


def test_figures_are_written_as_the_language_writes_them(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)

    page = browser.get("/staff/figures?lang=nb").text

    assert "306,0" in page
    assert "6\u00a0%" in page
