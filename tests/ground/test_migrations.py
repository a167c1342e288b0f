import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking import create_app
from booking.libraries.models import Library, LibraryNote
from booking.participation.checking import wrong_first_meetings, wrong_meetings, wrong_months
from booking.participation.figures import Scope
from booking.participation.metric_queries import tallies_by_library
from booking.participation.operations import record_facts
from booking.participation.tallies import Tallies, sum_of
from booking.signups.models import Signup
from booking.work import database, reading, unit_of_work
from tests.conftest import settings_for
from tests.databases import fresh_postgres_database
from tests.factories import NOON, make_activity, make_library, make_meeting, make_occasion, make_signup
from tests.participation.test_facts import AUTUMN, worked_example

CHECKS = (wrong_meetings, wrong_months, wrong_first_meetings)
MIGRATIONS = Path(__file__).parents[2] / "booking" / "migrations"

# Alters the table of libraries, which other tables point at with ON DELETE CASCADE.
ALTERS_A_PARENT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("library", recreate="{recreate}") as batch:
        batch.alter_column("name", existing_type=sa.String(80), type_=sa.String(90))


def downgrade():
    with op.batch_alter_table("library", recreate="{recreate}") as batch:
        batch.alter_column("name", existing_type=sa.String(90), type_=sa.String(80))
"""
BREAKS_HALF_WAY = """
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("DELETE FROM library_note")
    op.execute("SELECT * FROM no_such_table")
"""


SINCE = "2026-11-02 12:00:00"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of the test's own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'booking.db'}"
        return
    with fresh_postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def filled(tmp_path: Path, empty_database: str) -> Iterator[Flask]:
    """A service of its own with rows in it."""
    app = create_app(settings_for(tmp_path, empty_database))
    with app.app_context():
        upgrade()
        with unit_of_work() as (session, _clock):
            library = make_library(session)
            occasion = make_occasion(session, activity=make_activity(session, library=library))
            make_meeting(session, occasion=occasion)
            make_signup(session, occasion=occasion)
            _keep_facts(session, library.id)
        yield app
        database.engine.dispose()


def _keep_facts(session: Session, library_id: int) -> None:
    for facts in worked_example(library_id):
        record_facts(session, lambda: NOON, facts=facts)


@pytest.fixture
def with_one_more(filled: Flask, tmp_path: Path) -> Callable[[str], str]:
    """Put one more migration after the newest; give the folder."""

    def add(source: str) -> str:
        folder = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        with reading() as (session, _clock):
            head = session.scalar(text("SELECT version_num FROM alembic_version"))
        recreate = "always" if database.engine.dialect.name == "sqlite" else "auto"
        migration = source.replace("{head}", str(head)).replace("{recreate}", recreate)
        (folder / "versions" / "9999_one_more.py").write_text(migration)
        return str(folder)

    return add


def _figures() -> Tallies:
    with reading() as (session, _clock):
        library_ids = session.scalars(select(Library.id)).all()
        found = tallies_by_library(session, scope=Scope(library_ids=library_ids, period=AUTUMN))
        wrong = [each for check in CHECKS for each in check(session) if each]
    assert wrong == []
    # How many asked, and were offered a place, is not known of facts from before.
    return replace(sum_of(found.values()), asked=0, completed=0, began_course=0)


def _count(table: type[Library | LibraryNote | Signup]) -> int:
    with reading() as (session, _clock):
        return session.scalars(select(func.count()).select_from(table)).one()


def test_the_newest_shape_is_what_the_code_expects(filled: Flask) -> None:
    check()


def test_a_filled_database_goes_one_step_back_and_forth_and_keeps_its_rows(filled: Flask) -> None:
    downgrade(revision="-1")
    upgrade()

    assert (_count(Library), _count(LibraryNote), _count(Signup)) == (1, 3, 1)


def test_facts_are_added_up_by_the_migration_as_they_are_by_the_service(filled: Flask) -> None:
    before = _figures()

    downgrade(revision="0013")
    upgrade()

    assert _figures() == before
    assert before.unique == 5


def test_a_filled_database_goes_all_the_way_back_and_forth(filled: Flask) -> None:
    downgrade(revision="base")

    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    check()


def test_altering_a_table_does_not_lose_the_rows_that_point_at_it(
    filled: Flask, with_one_more: Callable[[str], str]
) -> None:
    folder = with_one_more(ALTERS_A_PARENT)

    upgrade(directory=folder)
    downgrade(directory=folder, revision="-1")

    assert (_count(Library), _count(LibraryNote)) == (1, 3)


def test_a_migration_that_breaks_half_way_leaves_nothing_of_itself(
    filled: Flask, with_one_more: Callable[[str], str]
) -> None:
    folder = with_one_more(BREAKS_HALF_WAY)

    with pytest.raises(Exception, match="no_such_table"):
        upgrade(directory=folder)

    assert _count(LibraryNote) == 3


def test_rows_that_point_at_nothing_are_refused_after_a_migration(filled: Flask) -> None:
    orphan = "INSERT INTO membership (account_id, role) VALUES (4711, 'admin')"

    with pytest.raises(IntegrityError), unit_of_work() as (session, _clock):
        session.execute(text(orphan))


def test_an_other_guardian_of_siblings_becomes_one_and_all_that_points_there_follows(filled: Flask) -> None:
    downgrade(revision="0026")
    _tell(
        "INSERT INTO family"
        " (email, contact_name, language, wants_sms, known_since, calendar_title, calendar_names)"
        f" VALUES ('mor@example.org', 'Mor', 'nb', false, '{SINCE}', 'activity', 'none')"
    )
    family_id = _number("SELECT id FROM family WHERE email = 'mor@example.org'")
    for name in ("Ada", "Bo"):
        _tell(
            "INSERT INTO participant (family_id, person_key, first_name, birth_year, is_by_grade,"
            " municipality_code, is_shielded, is_own_contact, known_since)"
            f" VALUES ({family_id}, '{name}', '{name}', 2016, false, '0000', false, false, '{SINCE}')"
        )
        _tell(
            "INSERT INTO other_guardian (participant_id, email, language, known_since)"
            f" SELECT id, 'far@example.org', 'nb', '{SINCE}' FROM participant WHERE person_key = '{name}'"
        )
    ada, bo = _numbers("SELECT id FROM other_guardian ORDER BY id")
    _tell(
        "INSERT INTO link (fingerprint, purpose, subject_id, issued_at)"
        f" VALUES ('of bo', 'other_guardian', {bo}, '{SINCE}')"
    )

    upgrade()

    assert _numbers("SELECT id FROM other_guardian") == [ada]
    assert _numbers("SELECT family_id FROM other_guardian") == [family_id]
    assert _numbers("SELECT subject_id FROM link WHERE fingerprint = 'of bo'") == [ada]
    check()
    downgrade(revision="0026")
    assert _numbers("SELECT participant_id FROM other_guardian") == _numbers(
        "SELECT id FROM participant WHERE person_key = 'Ada'"
    )


def _tell(statement: str) -> None:
    with unit_of_work() as (session, _clock):
        session.execute(text(statement))


def _number(statement: str) -> int:
    return _numbers(statement)[0]


def _numbers(statement: str) -> list[int]:
    with reading() as (session, _clock):
        return list(session.scalars(text(statement)))
