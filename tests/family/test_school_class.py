"""A school class that signs up behind one address on the network, all at once, on both databases."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.sign_ups import typed
from booking.limits import RateCount
from booking.outbox.models import Letter
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from tests.browser import Browser, read_page
from tests.signups.asking import open_occasion

pytestmark = pytest.mark.race

Arranging = Callable[[], AbstractContextManager[Session]]
CHILDREN = 30


def at_once(act: Callable[[int], int]) -> list[int]:
    """Let each child's parent act in a browser of their own, at the same moment."""
    with ThreadPoolExecutor(CHILDREN) as parents:
        return list(parents.map(act, range(CHILDREN)))


@pytest.mark.parametrize("occasions", [1, 6])
def test_thirty_families_behind_one_address_all_pass_and_are_counted_once_each(
    open_to_all: Flask, arranging: Arranging, occasions: int
) -> None:
    with arranging() as session:
        ids = [open_occasion(session, capacity=CHILDREN).id for _ in range(occasions)]
    pages = [f"/occasions/{ids[number % occasions]}/sign-up" for number in range(CHILDREN)]
    browsers = [Browser(open_to_all) for _ in range(CHILDREN)]
    hidden = [read_page(one.get(page).text).hidden for one, page in zip(browsers, pages, strict=True)]
    emails = [f"forelder-{number}@example.org" for number in range(CHILDREN)]
    start = Barrier(CHILDREN)

    def send(number: int) -> int:
        start.wait()
        return browsers[number].post(pages[number], {**hidden[number], **typed(emails[number])}).status_code

    sent = at_once(send)
    with arranging() as session:
        codes = {letter.address: letter.facts["code"] for letter in session.scalars(select(Letter))}

    def confirm(number: int) -> int:
        start.wait()
        told = {"csrf_token": hidden[number]["csrf_token"], "code": codes[emails[number]]}
        return browsers[number].post(f"{pages[number]}/code", told).status_code

    confirmed = at_once(confirm)

    assert (Counter(sent), Counter(confirmed)) == ({303: CHILDREN}, {303: CHILDREN})
    with arranging() as session:
        assert Counter(session.scalars(select(Signup.state))) == {SignupState.CONFIRMED: CHILDREN}
        assert session.scalars(select(RateCount.times)).all() == [CHILDREN]
