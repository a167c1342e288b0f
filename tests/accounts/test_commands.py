"""Commands about staff and libraries, as the one who runs the house types them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.models import Actor, AuditEntry
from booking.audit.operations import record
from booking.libraries.queries import all_libraries, get_library_by_slug
from booking.outbox.models import Letter
from booking.staff.queries import find_account
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_account, make_library

Arranging = Callable[[], AbstractContextManager[Session]]


def _type(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def test_the_first_administrator_gets_a_link_that_opens(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    printed = _type(app, "staff", "first-admin", "Admin@example.org", "Anne Admin")

    assert printed.exit_code == 0
    address = printed.output.strip()
    assert address.startswith("http://127.0.0.1:8000/staff/first-administrator/")
    assert browser.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
    with arranging() as session:
        assert session.scalars(select(Letter)).all() == []


def test_there_is_no_second_first_administrator(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        make_account(session, Role.ADMIN, password_hash="x")

    printed = _type(app, "staff", "first-admin", "admin@example.org", "Anne")

    assert printed.exit_code == 1
    assert "There is an administrator already." in printed.output


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("no address", "Kari"),
        (f"{'a' * 400}@example.org", "Kari"),
        ("kåre@example.org", "Kåre"),
        ("kari@example.org", "K" * 81),
        ("kari@example.org", "https://example.org"),
    ],
)
@pytest.mark.parametrize("command", [("first-admin",), ("add", "--role", "coordinator")])
def test_somebody_whom_no_letter_reaches_or_greets_is_refused(
    app: Flask, arranging: Arranging, command: tuple[str, ...], email: str, name: str
) -> None:
    printed = _type(app, "staff", *command, email, name)

    assert printed.exit_code == 2
    assert "Error: Invalid value" in printed.output
    with arranging() as session:
        assert find_account(session, email) is None


def test_a_domain_with_norwegian_letters_is_kept_as_every_mail_server_takes_it(
    app: Flask, arranging: Arranging
) -> None:
    printed = _type(app, "staff", "add", "kari@sør-odal.example", "Kari  Nordmann", "--role", "coordinator")

    assert printed.exit_code == 0
    with arranging() as session:
        account = find_account(session, "kari@xn--sr-odal-q1a.example")
        assert account is not None
        assert account.name == "Kari Nordmann"


def test_a_new_house_has_no_account(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        assert find_account(session, "admin@example.org") is None
        assert session.scalars(select(AuditEntry)).all() == []


def test_somebody_is_invited_from_the_command_line(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        slug = make_library(session).slug

    printed = _type(app, "staff", "add", "kari@example.org", "Kari", "--role", "door", "--library", slug)

    assert printed.exit_code == 0
    with arranging() as session:
        account = find_account(session, "kari@example.org")
        assert [letter.address for letter in session.scalars(select(Letter))] == ["kari@example.org"]
    assert account is not None
    assert [held.role for held in account.memberships] == [Role.DOOR]
    assert account.password_hash is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("kari@example.org", "Kari", "--role", "door"), "name it with --library"),
        (("kari@example.org", "Kari", "--role", "door", "--library", "atlantis"), "name it with --library"),
        (("kari@example.org", "Kari", "--role", "king"), "'king' is not one of"),
        (("taken@example.org", "Kari", "--role", "admin"), "Somebody has an account with this e-mail"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_with_a_sentence(
    app: Flask, arranging: Arranging, words: tuple[str, ...], sentence: str
) -> None:
    with arranging() as session:
        make_account(session, Role.ADMIN, email="taken@example.org")

    printed = _type(app, "staff", "add", *words)

    assert printed.exit_code != 0
    assert sentence in printed.output


def test_the_four_libraries_are_read_twice_and_there_once(app: Flask, arranging: Arranging) -> None:
    first, again = _type(app, "library", "import"), _type(app, "library", "import")

    assert first.output == "4 added, 0 changed, 0 as before.\n"
    assert again.output == "0 added, 0 changed, 4 as before.\n"
    with arranging() as session:
        assert len(all_libraries(session)) == 4
        assert [entry.facts for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))] == [
            {"added": 4, "changed": 0},
            {"added": 0, "changed": 0},
        ]


def test_a_file_that_cannot_be_read_adds_nothing(app: Flask, arranging: Arranging, tmp_path: Path) -> None:
    file = tmp_path / "libraries.toml"
    file.write_text("[[library]]\nname = 'Only a name'\n", encoding="utf-8")

    printed = _type(app, "library", "import", str(file))

    assert printed.exit_code == 1
    assert "is missing" in printed.output
    with arranging() as session:
        assert all_libraries(session) == []


_FIFTH = {
    "slug": "granlia",
    "code": "gra",
    "name": "Granlia bibliotek",
    "municipality-name": "Granlia",
    "municipality-code": "3499",
    "email": "granlia@example.org",
    "phone": "+4722222225",
    "street": "Storgata 1",
    "postcode": "2200",
    "town": "Granlia",
    "latitude": "60.19",
    "longitude": "12",
    "colour": "#7a3e2b",
    "opening": "Alltid",
    "accessibility": "Trinnfritt",
}


def _options(**changes: str) -> list[str]:
    return [word for name, value in {**_FIFTH, **changes}.items() for word in (f"--{name}", value)]


def test_a_fifth_library_is_added_from_the_command_line(app: Flask, arranging: Arranging) -> None:
    printed = _type(app, "library", "add", *_options())

    assert printed.output == "Granlia bibliotek is added.\n"
    with arranging() as session:
        assert get_library_by_slug(session, "granlia").notes[0].opening == "Alltid"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"colour": "#ffee00"}, "Choose a darker one."), ({"slug": "Gran Lia"}, "slug cannot be 'Gran Lia'")],
)
def test_a_library_that_cannot_be_is_refused_with_a_sentence(
    app: Flask, arranging: Arranging, changes: dict[str, str], sentence: str
) -> None:
    printed = _type(app, "library", "add", *_options(**changes))

    assert printed.exit_code == 1
    assert sentence in printed.output
    with arranging() as session:
        assert all_libraries(session) == []


def test_the_record_is_checked_from_the_command_line(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        record(session, clock, actor=Actor.SYSTEM, action="looked", subject="meeting")
    whole = _type(app, "audit", "verify")
    with arranging() as session:
        forged = AuditEntry(
            at=clock(), actor=Actor.STAFF, action="looked", subject="meeting", facts={}, digest="0" * 64
        )
        session.add(forged)
        session.flush()

    broken = _type(app, "audit", "verify")

    assert (whole.exit_code, whole.output) == (0, "The record is whole.\n")
    assert broken.exit_code == 1
    assert f"Entry {forged.id} does not follow" in broken.output
