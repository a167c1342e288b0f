"""A family that says yes to pictures that everybody can see, and whoever else is asked, for tests."""

import re
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.consent.models import Consent, Wording
from booking.consent.rules import Step, WordingPurpose
from booking.consent.shared_models import HalfYes
from booking.consent.standing_queries import consents_in
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.people.models import OtherGuardian
from tests.browser import Browser, read_page
from tests.factories import NOON, make_activity
from tests.signups.asking import open_occasion

Arranging = Callable[[], AbstractContextManager[Session]]
MOTHER, FATHER = "mor@example.org", "far@example.org"
WEB, PRINT, INSIDE = "photo_web", "photo_print", "photo_internal"
ON_THE_WEB, IN_PRINT, IN_HERE = (
    WordingPurpose.PHOTO_WEB,
    WordingPurpose.PHOTO_PRINT,
    WordingPurpose.PHOTO_INTERNAL,
)


def form_that_asks(arranging: Arranging, *channels: str) -> str:
    """The address of a form on which such pictures are asked about."""
    with arranging() as session:
        asks = list(channels or (INSIDE, WEB, PRINT))
        activity = make_activity(session, photo_channels=asks)
        return f"/occasions/{open_occasion(session, activity=activity).id}/sign-up"


def sign_up(browser: Browser, arranging: Arranging, form: str, *ticked: str, answer: str = "yes") -> str:
    """Ada's mother signs her up with these ticks and types the code; return the sign-up's own address."""
    asked = browser.submit(
        form,
        {
            "contact_name": "Mor Eksempel",
            "email": MOTHER,
            "permission": "y",
            "children-0-first_name": "Ada",
            "children-0-born": "2016",
            "children-0-municipality": "3401",
            "children-0-consents": list(ticked),
            "children-0-child_answer": answer,
        },
    )
    assert asked.status_code == 303
    code = newest(arranging, "signup_awaiting_email").facts["code"]
    done = browser.submit(asked.location, {"code": code}, to=f"{form}/code")
    assert done.status_code == 303
    return str(done.location)


def sign_siblings_up(browser: Browser, arranging: Arranging, form: str, *names: str) -> dict[str, str]:
    """Their mother signs these children up and says yes to pictures on the web; each one's address."""
    told: dict[str, Any] = {"contact_name": "Mor Eksempel", "email": MOTHER, "permission": "y"}
    for place, name in enumerate(names):
        told |= {
            f"children-{place}-first_name": name,
            f"children-{place}-born": "2016",
            f"children-{place}-municipality": "3401",
            f"children-{place}-consents": [WEB],
            f"children-{place}-child_answer": "yes",
        }
    asked = browser.submit(form, told)
    assert asked.status_code == 303, asked.text
    code = newest(arranging, "signup_awaiting_email").facts["code"]
    done = browser.submit(asked.location, {"code": code}, to=f"{form}/code")
    assert done.status_code == 303
    places = newest(arranging, "signup_confirmed").facts["places"]
    return {place["child"]: f"/signups/{place['secret']}" for place in places}


def youth_with_leave(browser: Browser, arranging: Arranging, *ticked: str) -> tuple[str, str]:
    """A youth of fourteen has a place, and the guardian has said yes to pictures: the pages of both."""
    with arranging() as session:
        activity = make_activity(session, grade_from=None, grade_to=None, photo_channels=[WEB])
        form = f"/occasions/{open_occasion(session, activity=activity).id}/sign-up"
    asked = browser.submit(
        f"{form}/myself",
        {
            "first_name": "Siri",
            "born": "2012",
            "municipality": "3401",
            "email": "siri@example.org",
            "guardian_email": MOTHER,
            "permission": "y",
        },
    )
    code = newest(arranging, "signup_awaiting_email").facts["code"]
    done = browser.submit(asked.location, {"code": code}, to=f"{form}/code")
    guardians = f"/confirm/{newest(arranging, 'signup_guardian_asked').facts['secret']}"
    told = {"permission": "y", "consents": list(ticked or [WEB]), "child_answer": "yes"}
    assert browser.submit(guardians, told, to=f"{guardians}/yes").status_code == 303
    return str(done.location), guardians


def ask_father(browser: Browser, page: str, email: str = FATHER, *, also: Collection[str] = ()) -> None:
    """Ada's mother says that she shares the responsibility, with whom, and for which siblings as well.

    The page is the sign-up's, or on the family's own page the one that begins with /my/signups.
    """
    told = {"who": "shared", "other_email": email, "also": list(also)}
    answer = browser.submit(f"{page}/pictures", told)
    assert answer.status_code == 303, answer.text


def fathers_page(arranging: Arranging, template: str = "pictures_other_asked") -> str:
    """The address that the newest letter to Ada's father leads to."""
    return f"/pictures/{newest(arranging, template).facts['secret']}"


def say_yes(browser: Browser, page: str, *ticked: str, **changes: str) -> int:
    """Ada's father ticks these (all that stands there, if none is named) and says yes."""
    told = {"consents": list(ticked) or asked_on(browser, page), "declared": "y", **changes}
    return browser.submit(page, told, to=f"{page}/yes").status_code


def send_again(browser: Browser, shown: TestResponse, to: str, told: dict[str, Any]) -> int:
    """Send what a page held when it was shown, whatever has happened since; return the answer's status."""
    hidden = {**read_page(shown.text).hidden, "csrf_token": ""}
    return browser.post(to, {**hidden, **told}).status_code


def asked_on(browser: Browser, page: str) -> list[str]:
    """The numbers of what an other guardian's page asks."""
    return re.findall(r'name="consents" value="(\d+)"', browser.get(page).text)


def newest(arranging: Arranging, template: str) -> Letter:
    """The newest letter of a template."""
    with arranging() as session:
        found = select(Letter).where(Letter.template == template).order_by(Letter.id.desc())
        return session.scalars(found.limit(1)).one()


def count_letters(arranging: Arranging, *, to: str) -> int:
    """How many letters wait for an address."""
    with arranging() as session:
        return len(session.scalars(select(Letter).where(Letter.address == to)).all())


def standing(arranging: Arranging) -> set[WordingPurpose]:
    """What stands for Ada, as the list at the door and all others read it."""
    with arranging() as session:
        about = session.scalar(select(Consent.occasion_id).where(Consent.occasion_id.is_not(None)).limit(1))
        in_force = consents_in(session, occasion_id=about, now=NOON) if about else {}
        return {purpose for purposes in in_force.values() for purpose in purposes}


def waiting(arranging: Arranging) -> set[WordingPurpose]:
    """What is half a yes."""
    with arranging() as session:
        return set(session.scalars(select(HalfYes.purpose)))


def steps(arranging: Arranging) -> list[Step]:
    """All steps of consents, in order."""
    with arranging() as session:
        return list(session.scalars(select(Consent.step).order_by(Consent.id)))


def others(arranging: Arranging) -> list[str]:
    """The addresses of other guardians that are kept."""
    with arranging() as session:
        return list(session.scalars(select(OtherGuardian.email).order_by(OtherGuardian.id)))


def newest_digest(arranging: Arranging) -> str:
    """The digest of the words about pictures on the web that are in use, in English."""
    with arranging() as session:
        words = select(Wording).where(Wording.purpose == ON_THE_WEB, Wording.language == Language.EN)
        wording = session.scalars(words.order_by(Wording.version.desc())).first()
        assert wording is not None
        return wording.digest
