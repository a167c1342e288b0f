"""The pages of accounts, of libraries and of the record, as an administrator uses them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.models import Actor, AuditEntry
from booking.audit.operations import record
from booking.libraries.models import Library
from booking.libraries.operations import import_libraries
from booking.libraries.queries import all_libraries, get_library_by_slug
from booking.libraries.region import read_region
from booking.outbox.models import Letter
from booking.staff.models import Account
from booking.staff.queries import find_account, get_account, has_second_factor
from booking.staff.rules import Role
from tests.accounts.conftest import PASSWORD_HASH
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_account, make_library, make_participant

Arranging = Callable[[], AbstractContextManager[Session]]

ACCOUNTS = "/staff/accounts"
LIBRARIES = "/staff/libraries"


@pytest.fixture
def admin(arranging: Arranging, browser: Browser) -> Account:
    """An administrator who is signed in."""
    with arranging() as session:
        account = make_account(session, Role.ADMIN, name="Anne Admin", password_hash=PASSWORD_HASH)
    browser.sign_in_as(account)
    return account


def _librarian(arranging: Arranging, **changes: Any) -> tuple[Account, Library]:
    with arranging() as session:
        library = make_library(session)
        account = make_account(
            session, Role.LIBRARIAN, library=library, name="Liv", **{"password_hash": "x", **changes}
        )
        return account, library


def _now(arranging: Arranging, account: Account) -> Account:
    with arranging() as session:
        return get_account(session, account.id)


def _posts(account: Account) -> set[tuple[Role, int | None]]:
    return {(held.role, held.library_id) for held in account.memberships}


@pytest.mark.usefixtures("admin")
def test_everybody_who_works_here_stands_on_the_list(browser: Browser, arranging: Arranging) -> None:
    account, library = _librarian(arranging)
    _librarian(arranging, active=False)
    _librarian(arranging, password_hash=None)

    page = browser.get(ACCOUNTS).text

    assert account.email in page
    assert f"Librarian, {library.name}" in page
    assert all(word in page for word in ("Open", "Closed", "Invited"))


@pytest.mark.usefixtures("admin")
def test_somebody_is_invited_with_roles_at_two_libraries(browser: Browser, arranging: Arranging) -> None:
    with arranging() as session:
        one, other = make_library(session), make_library(session)
    posts = [f"librarian:{one.id}", f"door:{other.id}"]

    assert browser.get(f"{ACCOUNTS}/new").status_code == 200
    answer = browser.post(
        ACCOUNTS,
        {"name": "  Ola   Nordmann ", "email": "Ola@Example.org", "language": "nn", "posts": posts},
    )
    with arranging() as session:
        account = find_account(session, "ola@example.org")
        letter = session.scalars(select(Letter)).one()
    assert account is not None
    assert answer.location == f"{ACCOUNTS}/{account.id}"
    assert (account.name, account.email) == ("Ola Nordmann", "ola@example.org")
    assert _posts(account) == {(Role.LIBRARIAN, one.id), (Role.DOOR, other.id)}
    assert (letter.template, letter.address, letter.language) == ("invitation", "ola@example.org", "nn")


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"posts": []}, "Choose at least one role."),
        ({"posts": ["librarian:999999"]}, "Choose at least one role."),
        ({"posts": ["librarian:"]}, "Choose at least one role."),
        ({"posts": ["king:"]}, "Choose at least one role."),
        ({"name": ""}, "Write the name."),
        ({"name": "x" * 81}, "Use at most 80 characters."),
        ({"name": "http://evil.example"}, "Write the name with letters only."),
        ({"name": "Kari \u202e irak"}, "Write the name with letters only."),
        ({"email": ""}, "Write the e-mail address."),
        ({"email": "kari@"}, "Write one e-mail address"),
        ({"email": "kåre@example.org"}, "Write one e-mail address"),
        ({"email": "a@example.org,b@example.org"}, "Write one e-mail address"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "Write one e-mail address"),
        ({"language": "de"}, "Choose one of the three languages."),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    browser: Browser, arranging: Arranging, changes: dict[str, Any], words: str
) -> None:
    typed = {"name": "Kari", "email": "kari@example.org", "language": "nb", "posts": ["coordinator:"]}

    answer = browser.post(ACCOUNTS, {**typed, **changes})

    assert answer.status_code == 422
    assert words in answer.text
    kept = {**typed, **changes}
    if not changes.get("name") and kept["name"]:
        assert f'value="{kept["name"]}"' in answer.text
    with arranging() as session:
        assert session.scalars(select(Letter)).all() == []


@pytest.mark.usefixtures("admin")
def test_an_address_that_is_taken_is_said_beside_its_field(browser: Browser, arranging: Arranging) -> None:
    account, _library = _librarian(arranging)

    answer = browser.post(
        ACCOUNTS,
        {"name": "Kari", "email": account.email, "language": "nb", "posts": ["coordinator:"]},
    )

    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert "Somebody has an account with this e-mail address already." in answer.text


@pytest.mark.usefixtures("admin")
def test_extra_fields_are_ignored(browser: Browser, arranging: Arranging) -> None:
    typed = {"name": "Kari", "email": "kari@example.org", "language": "nb", "posts": ["coordinator:"]}

    browser.post(ACCOUNTS, {**typed, "active": "0", "password_hash": "x", "session_key": "y", "id": "1"})

    with arranging() as session:
        account = find_account(session, "kari@example.org")
    assert account is not None
    assert (account.active, account.password_hash) == (True, None)


def test_roles_are_changed_and_those_concerned_are_told(
    browser: Browser, arranging: Arranging, admin: Account
) -> None:
    account, library = _librarian(arranging)
    page = f"{ACCOUNTS}/{account.id}"
    assert f'value="librarian:{library.id}" checked' in browser.get(page).text

    answer = browser.post(f"{page}/roles", {"posts": [f"door:{library.id}", "privacy_officer:"]})

    assert answer.location == page
    changed = _now(arranging, account)
    assert _posts(changed) == {(Role.DOOR, library.id), (Role.PRIVACY_OFFICER, None)}
    with arranging() as session:
        entry = session.scalars(select(AuditEntry)).one()
        letters = session.scalars(select(Letter)).all()
    assert (entry.action, entry.account_id, entry.subject_id) == ("changed_roles", admin.id, account.id)
    assert entry.facts == {"posts": [f"door:{library.id}", "privacy_officer:"]}
    assert [letter.address for letter in letters] == [account.email]


@pytest.mark.parametrize("posts", [[], ["librarian:999"], ["admin:3"]])
@pytest.mark.usefixtures("admin")
def test_roles_that_cannot_be_are_refused(browser: Browser, arranging: Arranging, posts: list[str]) -> None:
    account, library = _librarian(arranging)

    answer = browser.post(f"{ACCOUNTS}/{account.id}/roles", {"posts": posts})

    assert answer.status_code == 422
    assert "Choose at least one role." in answer.text
    assert _posts(_now(arranging, account)) == {(Role.LIBRARIAN, library.id)}


def test_the_last_administrator_hears_why_they_stay(
    browser: Browser, arranging: Arranging, admin: Account
) -> None:
    page = f"{ACCOUNTS}/{admin.id}"

    roles = browser.post(f"{page}/roles", {"posts": ["coordinator:"]})
    closed = browser.post(f"{page}/disable")

    assert roles.status_code == 422
    assert "only administrator" in roles.text
    assert closed.location == page
    assert "only administrator" in browser.get(page).text
    assert _now(arranging, admin).active


@pytest.mark.usefixtures("admin")
def test_an_account_is_closed_opened_and_signed_out(browser: Browser, arranging: Arranging) -> None:
    account, _library = _librarian(arranging)
    page = f"{ACCOUNTS}/{account.id}"

    standing = []
    for act in ("disable", "enable", "sign-out"):
        assert browser.post(f"{page}/{act}").location == page
        standing.append(_now(arranging, account))

    assert [one.active for one in standing] == [False, True, True]
    assert len({account.session_key, *(one.session_key for one in standing)}) == 3


@pytest.mark.usefixtures("admin")
def test_somebody_who_lost_the_phone_is_helped(browser: Browser, arranging: Arranging) -> None:
    account, _library = _librarian(arranging, totp_secret="sealed")

    answer = browser.post(f"{ACCOUNTS}/{account.id}/forget-second-step")

    assert answer.status_code == 303
    assert not has_second_factor(_now(arranging, account))


@pytest.mark.usefixtures("admin")
def test_an_invitation_is_sent_again_until_it_is_answered(browser: Browser, arranging: Arranging) -> None:
    waiting, _ = _librarian(arranging, password_hash=None)
    answered, _ = _librarian(arranging)

    again = browser.post(f"{ACCOUNTS}/{waiting.id}/invite-again")
    never = browser.post(f"{ACCOUNTS}/{answered.id}/invite-again")

    assert (again.status_code, never.status_code) == (303, 404)


@pytest.mark.usefixtures("admin")
def test_changing_roles_takes_a_password_typed_a_short_while_ago(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    account, library = _librarian(arranging)
    page = f"{ACCOUNTS}/{account.id}"
    for _ in range(2):
        clock.forward(minutes=20)
        assert browser.get(ACCOUNTS).status_code == 200

    looked = browser.get(page)
    posted = browser.post(f"{page}/roles", {"posts": ["admin:"]})
    invited = browser.post(ACCOUNTS, {"name": "x"})

    assert looked.location == posted.location == f"/staff/prove-it-is-you?next={page}"
    assert invited.location == f"/staff/prove-it-is-you?next={ACCOUNTS}/new"
    assert _posts(_now(arranging, account)) == {(Role.LIBRARIAN, library.id)}


@pytest.mark.usefixtures("admin")
def test_an_account_that_is_not_there_is_not_found(browser: Browser) -> None:
    assert browser.get(f"{ACCOUNTS}/999999").status_code == 404
    for act in ("roles", "disable", "enable", "sign-out", "invite-again", "forget-second-step"):
        assert browser.post(f"{ACCOUNTS}/999999/{act}", {"posts": ["admin:"]}).status_code == 404


# --- Libraries


def _told(**changes: str) -> dict[str, str]:
    notes = {
        f"{kind}_{code}": f"{kind} {code}"
        for kind in ("opening", "accessibility")
        for code in ("nb", "nn", "en")
    }
    return {
        "name": "Granlia bibliotek",
        "slug": "granlia",
        "code": "gra",
        "municipality_name": "Granlia",
        "municipality_code": "3499",
        "email": "granlia@example.org",
        "phone": "22 22 22 22",
        "street": "Storgata 1",
        "postcode": "2200",
        "town": "Granlia",
        "latitude": "60,19",
        "longitude": "12.0",
        "colour": "#7A3E2B",
        **notes,
        **changes,
    }


@pytest.mark.usefixtures("admin")
def test_a_fifth_library_is_added(browser: Browser, arranging: Arranging, clock: StoppedClock) -> None:
    with arranging() as session:
        import_libraries(session, clock, libraries=read_region())
    assert browser.get(f"{LIBRARIES}/new").status_code == 200

    answer = browser.post(LIBRARIES, _told())

    assert answer.location == LIBRARIES
    page = browser.get(LIBRARIES).text
    assert "Granlia bibliotek is added." in page
    assert "Tyrielden Eidskog bibliotek" in page
    with arranging() as session:
        library = get_library_by_slug(session, "granlia")
    assert (library.latitude, library.phone, library.colour) == (60.19, "+4722222222", "#7a3e2b")
    assert {note.language.value: note.opening for note in library.notes} == {
        code: f"opening {code}" for code in ("nb", "nn", "en")
    }


def test_what_is_told_of_a_library_is_changed_and_put_on_record(
    browser: Browser, arranging: Arranging, clock: StoppedClock, admin: Account
) -> None:
    browser.post(LIBRARIES, _told())
    with arranging() as session:
        library = get_library_by_slug(session, "granlia")
    page = f"{LIBRARIES}/{library.id}"
    shown = browser.get(page).text
    assert 'value="Granlia bibliotek"' in shown
    assert ">opening nn</textarea>" in shown.replace("\r\n", "")

    browser.post(page, _told(name="Granlia folkebibliotek"))
    browser.post(page, _told(name="Granlia folkebibliotek"))

    with arranging() as session:
        assert get_library_by_slug(session, "granlia").name == "Granlia folkebibliotek"
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.account_id) for entry in entries] == [
        ("added_library", admin.id),
        ("changed_library", admin.id),
    ]


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Fill in this line."),
        ("name", "x" * 81, "This line is too long."),
        ("slug", "Sør Odal", "Use small letters"),
        ("slug", "x" * 41, "Use small letters"),
        ("code", "k", "Use two to eight small letters"),
        ("municipality_code", "341", "four digits, such as 3401"),
        ("postcode", "22000", "Write the postcode: four digits."),
        ("email", "bibliotek", "Write one e-mail address"),
        ("phone", "ring meg", "Write one telephone number"),
        ("phone", "1", "Write one telephone number"),
        ("latitude", "91", "Write the position in degrees"),
        ("latitude", "north", "Write the position in degrees"),
        ("latitude", "nan", "Write the position in degrees"),
        ("longitude", "", "Write the position in degrees"),
        ("longitude", "-180.5", "Write the position in degrees"),
        ("colour", "red", "Write the colour as # and six digits"),
        ("colour", "#ffee00", "Choose a darker one."),
        ("opening_nn", "", "Write a sentence or two"),
        ("accessibility_en", "x" * 1001, "Use at most 1,000 characters."),
    ],
)
def test_a_fact_that_cannot_be_is_said_once_beside_its_field(
    browser: Browser, arranging: Arranging, field: str, value: str, words: str
) -> None:
    answer = browser.post(LIBRARIES, _told(**{field: value}))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert answer.text.count(words) == 2  # in the summary, and beside the field
    assert 'value="Storgata 1"' in answer.text
    with arranging() as session:
        assert all_libraries(session) == []


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(("field", "words"), [("slug", "this word in its address"), ("code", "this code")])
def test_a_library_has_a_slug_and_a_code_of_its_own(
    browser: Browser, arranging: Arranging, field: str, words: str
) -> None:
    browser.post(LIBRARIES, _told())
    others = {"slug": "another", "code": "ano"}

    added = browser.post(LIBRARIES, _told(**{**others, field: _told()[field]}))
    browser.post(LIBRARIES, _told(**others))
    with arranging() as session:
        other = get_library_by_slug(session, "another")
    changed = browser.post(f"{LIBRARIES}/{other.id}", _told(**{**others, field: _told()[field]}))

    assert (added.status_code, changed.status_code) == (422, 422)
    assert words in added.text
    assert words in changed.text


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize("field", ["name", "street", "town", "opening_nb", "accessibility_en"])
def test_a_sign_that_no_database_keeps_is_refused_beside_its_field(browser: Browser, field: str) -> None:
    answer = browser.post(LIBRARIES, _told(**{field: "Gran\x00lia"}))

    assert answer.status_code == 422
    assert "This text holds invisible signs" in answer.text


@pytest.mark.usefixtures("admin")
def test_a_library_that_is_not_there_is_not_found(browser: Browser) -> None:
    assert browser.get(f"{LIBRARIES}/999999").status_code == 404
    assert browser.post(f"{LIBRARIES}/999999", _told()).status_code == 404


# --- The record


def _note(session: Session, clock: StoppedClock, **changes: Any) -> None:
    values: dict[str, Any] = {
        "actor": Actor.STAFF,
        "action": "register_seen",
        "subject": "meeting",
        "subject_id": 7,
    }
    record(session, clock, **{**values, **changes})


def test_the_record_tells_who_did_what_and_when_and_names_no_child(
    browser: Browser, arranging: Arranging, clock: StoppedClock, admin: Account
) -> None:
    with arranging() as session:
        library = make_library(session)
        child = make_participant(session, first_name="Hedvikanari")
        _note(session, clock, account_id=admin.id, library_id=library.id)
        _note(session, clock, action="looked_at", subject="participant", subject_id=child.id)
        _note(session, clock, actor=Actor.SYSTEM, action="invited", subject="account", subject_id=admin.id)
        _note(session, clock, actor=Actor.FAMILY, action="signup_disowned", subject="signup")

    page = browser.get("/staff/record").text

    for words in (
        "Anne Admin",
        "looked at a register",
        "meeting 7",
        library.name,
        "24/11/2026 12:00",
        f"participant {child.id}",
        "The service",
        "A family",
    ):
        assert words in page
    assert "Hedvikanari" not in page


@pytest.mark.usefixtures("admin")
def test_the_record_of_one_library_shows_no_other(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        one, other = make_library(session, name="Den ene"), make_library(session, name="Den andre")
        _note(session, clock, library_id=one.id, subject_id=1111)
        _note(session, clock, library_id=other.id, subject_id=2222)

    page = browser.get(f"/staff/record?library={one.id}").text

    assert "meeting 1111" in page
    assert "meeting 2222" not in page


@pytest.mark.usefixtures("admin")
def test_a_long_record_is_read_page_by_page(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        for number in range(60):
            _note(session, clock, subject_id=1000 + number)
    with arranging() as session:
        tenth = session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)).all()[10]

    newest = browser.get("/staff/record").text
    older = browser.get(f"/staff/record?before={tenth}").text

    assert f"before={tenth}" in newest
    assert ("meeting 1010" in newest, "meeting 1009" in newest) == (True, False)
    assert ("meeting 1010" in older, "meeting 1009" in older, "meeting 1000" in older) == (False, True, True)


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    "query", ["library=x", "library=-1", f"before={'9' * 40}", "before=²", "library=&before="]
)
def test_a_record_that_cannot_be_asked_for_so_is_shown_anyway(browser: Browser, query: str) -> None:
    assert browser.get(f"/staff/record?{query}").status_code == 200


@pytest.mark.usefixtures("admin")
def test_an_empty_record_says_so(browser: Browser) -> None:
    assert "Nothing is on record here yet" in browser.get("/staff/record").text
