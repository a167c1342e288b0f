from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking import create_app
from booking.accounts.operations import invite_first_admin
from booking.health.data_views import settle_data
from booking.libraries.installation import (
    DemoOverRealData,
    RealOverDemoData,
    check_data_fits,
    mark_real,
)
from booking.libraries.models import Installation, InstallationKind
from booking.work import database, unit_of_work
from tests.conftest import StoppedClock, settings_for
from tests.factories import NOON


def _installed(session: Session, kind: InstallationKind) -> None:
    session.add(Installation(id=1, kind=kind, begun_at=NOON))
    session.flush()


def test_a_demonstration_does_not_run_over_real_data(session: Session) -> None:
    _installed(session, InstallationKind.REAL)

    check_data_fits(session, demo=False)
    with pytest.raises(DemoOverRealData):
        check_data_fits(session, demo=True)


def test_nobody_real_signs_up_among_the_accounts_of_a_demonstration(session: Session) -> None:
    _installed(session, InstallationKind.DEMO)

    check_data_fits(session, demo=True)
    with pytest.raises(RealOverDemoData):
        check_data_fits(session, demo=False)


def test_the_first_administrator_makes_the_data_real(session: Session, clock: StoppedClock) -> None:
    invite_first_admin(session, clock, email="admin@example.org", name="Kari Eksempel")

    assert session.scalars(select(Installation.kind)).one() is InstallationKind.REAL


def test_a_demonstration_stays_one(session: Session, clock: StoppedClock) -> None:
    _installed(session, InstallationKind.DEMO)

    mark_real(session, clock)

    assert session.scalars(select(Installation.kind)).one() is InstallationKind.DEMO


@pytest.mark.parametrize(
    ("demo", "kind", "status"),
    [
        (True, InstallationKind.REAL, 503),
        (False, InstallationKind.DEMO, 503),
        (True, InstallationKind.DEMO, 200),
        (False, InstallationKind.REAL, 200),
    ],
)
def test_no_page_is_served_over_data_of_the_other_kind(
    tmp_path: Path, demo: bool, kind: InstallationKind, status: int
) -> None:
    app = _service(tmp_path, demo=demo)
    with app.app_context(), unit_of_work() as (session, _clock):
        _installed(session, kind)

    answers = [app.test_client().get(page).status_code for page in ("/", "/staff/sign-in")]

    assert answers == [status, status]
    assert app.test_client().get("/healthz").status_code == 200
    _close(app)


def test_serving_for_real_notes_that_the_data_is_real(tmp_path: Path) -> None:
    app = _service(tmp_path, demo=False)

    with app.app_context():
        settle_data()
        with unit_of_work() as (session, _clock):
            assert session.scalars(select(Installation.kind)).one() is InstallationKind.REAL
    _close(app)


def _service(folder: Path, *, demo: bool) -> Flask:
    changes = {"demo": demo, "smtp_host": "127.0.0.1"}
    app = create_app(settings_for(folder, f"sqlite:///{folder / 'booking.db'}", **changes))
    with app.app_context():
        upgrade()
    return app


def _close(app: Flask) -> None:
    with app.app_context():
        database.engine.dispose()
