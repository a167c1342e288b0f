"""Two that let figures out at the same moment, each having thought for itself, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from booking.publications.models import Publication, PublishedCell
from booking.publications.operations import decide_figures, publish_figures
from booking.publications.protection import Rule
from booking.work import reading, unit_of_work
from tests.conftest import StoppedClock
from tests.factories import make_library
from tests.participation.test_facts import youth
from tests.publications.test_publishing import Arranging, hold, on_day

pytestmark = pytest.mark.race


def test_of_two_that_let_a_month_out_at_the_same_moment_one_does(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        library = make_library(session)
        hold(session, clock, "s1", library.id, date(2026, 8, 20), headcounts=(youth(12),))
    on_day(clock, 9, 8)
    start = Barrier(2)

    def let_out(_number: int) -> int:
        with app.app_context():
            with reading() as (session, now):
                decided = decide_figures(session, now, rule=Rule(), leaving_out=())
            start.wait()
            with unit_of_work() as (session, now):
                return publish_figures(session, now, decided=decided)

    with ThreadPoolExecutor(2) as pool:
        published = sorted(pool.map(let_out, range(2)))

    assert published == [0, 1]
    with arranging() as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 1
        told = session.scalars(select(PublishedCell.value).where(PublishedCell.value > 0)).all()
        assert set(told) == {12}
