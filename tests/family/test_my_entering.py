"""Coming in to a family's own page by a letter, and leaving it, on both databases."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.audit.models import AuditEntry
from booking.errors import NotFound
from booking.family.stay_operations import ask_to_enter, enter_by_link
from booking.family.stay_queries import check_entrance
from booking.libraries.rules import Language
from booking.limits import limiter
from booking.links.models import Link, MailedCode
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.outbox.rules import LetterState
from booking.people.models import Family
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_family, make_participant
from tests.family.entering import OLA, Arranging, ask_for_letter, come_in, everything, statements, way_in

UNKNOWN = "eva@example.org"


@pytest.fixture(autouse=True)
def family(arranging: Arranging) -> int:
    """A family with one child, whose address nobody has confirmed yet."""
    with arranging() as session:
        ola = make_family(session, email=OLA, verified_at=None)
        make_participant(session, family=ola)
        return ola.id


def is_in(browser: Browser) -> bool:
    page = browser.get("/my").text
    return "Ada" in page and "Send me a letter" not in page


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_family_comes_in_by_the_digits_in_its_letter(browser: Browser, arranging: Arranging) -> None:
    come_in(browser, arranging)

    assert is_in(browser)
    with arranging() as session:
        assert session.scalars(select(Family)).one().verified_at is not None
        assert session.scalars(select(AuditEntry.action)).all() == ["family_entered"]


def test_digits_may_be_typed_with_spaces(browser: Browser, arranging: Arranging) -> None:
    ask_for_letter(browser)
    code = way_in(arranging).code

    browser.submit("/my/code", {"code": f" {code[:3]} {code[3:]} "})

    assert is_in(browser)


def test_a_family_comes_in_by_the_link_on_another_machine(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    ask_for_letter(browser)
    phone = Browser(app)
    address = f"/my/enter/{way_in(arranging).secret}"

    shown = phone.get(address)
    entered = phone.post(address)

    assert (shown.status_code, entered.status_code, entered.location) == (200, 303, "/my")
    assert is_in(phone)
    assert not is_in(browser)


def test_a_scanner_that_opens_the_link_changes_nothing_and_gets_nothing(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    ask_for_letter(browser)
    address = f"/my/enter/{way_in(arranging).secret}"
    before = everything(arranging)

    for _ in range(2):
        scanner = Browser(app)
        scanner.head(address)
        scanner.get(address)
        assert not is_in(scanner)

    assert everything(arranging) == before
    assert browser.post(address).status_code == 303
    assert is_in(browser)


@pytest.mark.parametrize("by", ["code", "link"])
def test_a_letter_lets_in_once(app: Flask, browser: Browser, arranging: Arranging, by: str) -> None:
    ask_for_letter(browser)
    way = way_in(arranging)
    if by == "code":
        browser.submit("/my/code", {"code": way.code})
    else:
        browser.post(f"/my/enter/{way.secret}")

    stranger = Browser(app)
    answers = [
        stranger.get(f"/my/enter/{way.secret}").status_code,
        stranger.post(f"/my/enter/{way.secret}").status_code,
        browser.submit("/my/code", {"code": way.code}).status_code,
    ]

    assert answers == [303, 303, 422]
    assert "Write your address, and we send a new one." in stranger.get("/my").text
    assert is_in(browser)
    assert not is_in(stranger)


def test_a_letter_works_for_ten_minutes(browser: Browser, arranging: Arranging, clock: StoppedClock) -> None:
    ask_for_letter(browser)
    way = way_in(arranging)

    clock.forward(minutes=10)

    assert browser.submit("/my/code", {"code": way.code}).status_code == 422
    assert browser.get(f"/my/enter/{way.secret}").location == "/my"
    assert browser.post(f"/my/enter/{way.secret}").location == "/my"
    assert not is_in(browser)


def test_a_new_letter_ends_the_one_before_it(browser: Browser, arranging: Arranging) -> None:
    ask_for_letter(browser)
    first = way_in(arranging)

    ask_for_letter(browser)

    assert browser.post(f"/my/enter/{first.secret}").location == "/my"
    assert not is_in(browser)
    assert browser.post(f"/my/enter/{way_in(arranging).secret}").status_code == 303


def test_whoever_asks_again_does_not_throw_out_who_is_in(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    come_in(browser, arranging)

    ask_for_letter(Browser(app))

    assert is_in(browser)


def test_the_digits_open_nothing_in_a_browser_that_did_not_ask(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    ask_for_letter(browser)
    stranger = Browser(app)

    answer = stranger.submit("/my/code", {"code": way_in(arranging).code})

    assert answer.status_code == 422
    assert not is_in(stranger)


def test_after_five_wrong_codes_the_right_one_opens_nothing(browser: Browser, arranging: Arranging) -> None:
    ask_for_letter(browser)
    code = way_in(arranging).code

    told = [browser.submit("/my/code", {"code": wrong(code)}).text for _ in range(5)]
    answer = browser.submit("/my/code", {"code": code})

    assert "you can try 4 more times" in told[0]
    assert "Ask for a new letter." in told[4]
    assert answer.status_code == 422
    assert not is_in(browser)


def test_no_answer_tells_whether_an_address_is_known(app: Flask, arranging: Arranging) -> None:
    seen = []
    for email in (OLA, UNKNOWN):
        browser = Browser(app)
        with statements(app) as asked:
            sent = browser.submit("/my", {"email": email})
            page = browser.get(sent.location or "")
            tried = browser.submit("/my/code", {"code": "000000"})
        cookies = {cookie.partition("=")[0] for cookie in sent.headers.getlist("Set-Cookie")}
        bodies = [len(sent.data), len(page.data), len(tried.data)]
        statuses = [sent.status_code, page.status_code, tried.status_code]
        seen.append((statuses, sent.location, bodies, cookies, [each.split()[0] for each in asked]))

    assert seen[0] == seen[1]
    with arranging() as session:
        letters = session.scalars(select(Letter).order_by(Letter.id)).all()
        assert [(each.state, each.address) for each in letters] == [
            (LetterState.WAITING, OLA),
            (LetterState.DROPPED, None),
        ]
        assert letters[1].facts == {}


def test_an_unknown_address_is_kept_nowhere(session: Session, clock: StoppedClock) -> None:
    ask_to_enter(session, clock, email=UNKNOWN, language=Language.EN)

    letter = session.scalars(select(Letter)).one()
    assert (letter.address, letter.facts) == (None, {})
    assert session.scalars(select(MailedCode.subject_id)).all() == [None]


def test_the_link_of_a_letter_that_went_to_nobody_opens_nothing(
    session: Session, clock: StoppedClock
) -> None:
    ask_to_enter(session, clock, email=UNKNOWN, language=Language.EN)

    for _ in range(2):
        ask_to_enter(session, clock, email=UNKNOWN, language=Language.EN)
    links = session.scalars(select(Link)).all()
    assert all(link.subject_id < 0 for link in links)
    assert len({link.subject_id for link in links}) == len(links) == 3


@pytest.mark.parametrize("email", [OLA, UNKNOWN])
def test_at_most_three_letters_an_hour_go_to_one_address_and_nobody_is_told(
    browser: Browser, arranging: Arranging, clock: StoppedClock, email: str
) -> None:
    limiter.enabled = True

    answers = [browser.submit("/my", {"email": email}) for _ in range(5)]

    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/my/code")}
    with arranging() as session:
        assert session.scalar(select(func.count(Letter.id))) == 3
    clock.forward(hours=1, seconds=1)
    browser.submit("/my", {"email": email})
    with arranging() as session:
        assert session.scalar(select(func.count(Letter.id))) == 4


def test_the_third_letter_still_lets_in_after_a_fourth_was_asked_for(
    browser: Browser, arranging: Arranging
) -> None:
    limiter.enabled = True

    for _ in range(5):
        browser.submit("/my", {"email": OLA})
    browser.submit("/my/code", {"code": way_in(arranging).code})

    assert is_in(browser)


@pytest.mark.parametrize("email", ["", "ola", "ola@", "a@example.org, b@example.org", "x" * 300])
def test_what_is_no_address_is_told_so(browser: Browser, email: str) -> None:
    answer = browser.submit("/my", {"email": email})

    assert answer.status_code == 422
    assert "Write a whole e-mail address" in answer.text


@pytest.mark.parametrize("code", ["", "12345", "x" * 21])
def test_what_is_no_code_is_told_so(browser: Browser, code: str) -> None:
    ask_for_letter(browser)

    answer = browser.submit("/my/code", {"code": code})

    assert answer.status_code == 422
    assert "Write the six digits from our letter." in answer.text


def test_a_family_that_leaves_is_out_on_every_machine(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    come_in(browser, arranging)
    thief = Browser(app)
    stolen = browser._client.get_cookie("family")
    assert stolen is not None
    thief._client.set_cookie("family", stolen.value)
    assert is_in(thief)

    left = browser.post("/my/leave")

    assert (left.status_code, left.location) == (303, "/my")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(browser)
    assert not is_in(thief)


def test_leaving_twice_is_leaving_once(browser: Browser, arranging: Arranging) -> None:
    come_in(browser, arranging)

    answers = [browser.post("/my/leave").status_code for _ in range(2)]

    assert answers == [303, 303]


def test_coming_in_anew_ends_a_stay_that_was_forgotten_elsewhere(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    come_in(browser, arranging)

    come_in(Browser(app), arranging)

    assert not is_in(browser)


@pytest.mark.parametrize(
    ("pauses", "stays"), [([19], True), ([20], False), ([15, 15, 15], True), ([15, 15, 15, 15], False)]
)
def test_a_stay_ends_after_twenty_idle_minutes_and_after_an_hour(
    browser: Browser, arranging: Arranging, clock: StoppedClock, pauses: list[int], stays: bool
) -> None:
    come_in(browser, arranging)

    for minutes in pauses[:-1]:
        clock.forward(minutes=minutes)
        assert is_in(browser)
    clock.forward(minutes=pauses[-1])

    assert is_in(browser) is stays


@pytest.mark.parametrize("text", ["nothing", "WyJhIiwxLDFd.nonsense", ""])
def test_a_cookie_that_we_did_not_sign_opens_nothing(browser: Browser, text: str) -> None:
    browser._client.set_cookie("family", text)

    assert not is_in(browser)


def test_the_secret_in_a_letter_is_no_stay(app: Flask, browser: Browser, arranging: Arranging) -> None:
    ask_for_letter(browser)
    secret = way_in(arranging).secret
    with app.test_request_context():
        from booking.family.stay_passes import _serializer

        now = app.extensions["booking"].clock().timestamp()
        forged = str(_serializer().dumps([secret, now, now]))

    browser._client.set_cookie("family", forged)

    assert not is_in(browser)


def test_who_is_no_longer_in_is_led_to_the_way_in(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    come_in(browser, arranging)
    clock.forward(minutes=21)

    answer = browser.get("/my/contact")

    assert (answer.status_code, answer.location) == (303, "/my")
    assert "you were away for a while" in browser.get("/my").text


def test_what_a_family_sees_is_kept_by_nobody_and_found_by_nobody(
    browser: Browser, arranging: Arranging
) -> None:
    come_in(browser, arranging)

    for address in ("/my", "/my/contact", "/my/address", "/my/data", "/my/data.json", "/my/erase"):
        page = browser.get(address)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        if page.mimetype == "text/html":
            assert re.search(r'<meta name="robots" content="noindex, nofollow">', page.text)


def test_the_cookie_is_for_the_service_alone_and_says_no_name(browser: Browser, arranging: Arranging) -> None:
    ask_for_letter(browser)

    answer = browser.submit("/my/code", {"code": way_in(arranging).code})

    brought = next(text for text in answer.headers.getlist("Set-Cookie") if text.startswith("family="))
    assert "HttpOnly" in brought
    assert "SameSite=Lax" in brought
    assert "Expires" not in brought
    assert "ola" not in brought.lower().partition(";")[0]


def test_a_form_of_another_site_lets_nobody_in_or_out(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    ask_for_letter(browser)
    secret = way_in(arranging).secret

    answer = browser.post(f"/my/enter/{secret}", {"csrf_token": "somebody else's"})

    assert answer.status_code == 400
    assert browser.post(f"/my/enter/{secret}").status_code == 303


def test_a_family_that_was_erased_meanwhile_does_not_come_in(
    session: Session, clock: StoppedClock, family: int
) -> None:
    ask_to_enter(session, clock, email=OLA, language=Language.EN)
    secret = session.scalars(select(Letter)).one().facts["secret"]
    session.delete(session.get_one(Family, family))
    session.flush()

    with pytest.raises(NotFound):
        enter_by_link(session, clock, secret=secret)


def test_a_stay_lasts_an_hour_in_the_house_too(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    come_in(browser, arranging)

    with arranging() as session:
        ends = session.scalars(select(Link.expires_at).where(Link.revoked_at.is_(None))).one()

    assert ends == clock() + timedelta(hours=1)


def test_the_secret_of_a_stay_lets_nobody_in_anew(session: Session, clock: StoppedClock) -> None:
    ask_to_enter(session, clock, email=OLA, language=Language.EN)
    secret = session.scalars(select(Letter)).one().facts["secret"]
    stay = enter_by_link(session, clock, secret=secret)

    with pytest.raises(NotFound):
        check_entrance(session, clock, purpose=Purpose.FAMILY_PAGE, secret=stay)
    with pytest.raises(NotFound):
        enter_by_link(session, clock, secret=stay)
