"""Who gets in where: every way into the service, walked by everybody, against a table written by hand.

A new route needs a row in TABLE below: say which of the people in `Who` it lets in. The table is not
made from the doors on the views, or it would prove nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from booking.activities.models import Meeting, Occasion
from booking.api.models import AccessKey
from booking.attendance.walk_in_models import WalkIn
from booking.attendance.walk_in_rules import WalkInLeave
from booking.consent.models import Consent, PictureTask
from booking.consent.queries import current_wording
from booking.consent.rules import (
    Capacity,
    ChildAnswer,
    Established,
    Step,
    TakenDownFor,
    Way,
    WordingPurpose,
)
from booking.consent.use_models import PictureUse
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.notices.models import Notice
from booking.outbox.models import Letter
from booking.outbox.rules import Channel, LetterState, Policy
from booking.plan.rules import ItemKind
from booking.publications.models import Publication
from booking.signups.models import Signup
from booking.staff.models import Account, Passkey
from booking.staff.queries import get_account
from booking.staff.rules import Role
from tests.accounts.conftest import PASSWORD_HASH
from tests.browser import Browser
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_partner,
    make_plan_item,
    make_signup,
)

Arranging = Callable[[], AbstractContextManager[Session]]


class Who(StrEnum):
    """Everybody who may stand before a door. Staff work at the library that owns what is asked for."""

    NOBODY = "somebody who is not signed in"
    DISABLED = "a librarian whose account is closed"
    UNPROVEN = "an administrator without a second step"
    DOOR = "staff at the door"
    LIBRARIAN = "a librarian"
    ELSEWHERE = "a librarian of another library"
    COORDINATOR = "the coordinator"
    PRIVACY_OFFICER = "the privacy officer"
    ADMIN = "an administrator"


_NOT_SIGNED_IN: Final = frozenset({Who.NOBODY, Who.DISABLED})

EVERYBODY: Final = frozenset(Who)
# Whoever holds the secret; nobody here does, and a secret that nobody sent is not found.
HOLDER: Final[frozenset[Who]] = frozenset()
SIGNED_IN: Final = EVERYBODY - _NOT_SIGNED_IN
SETTING_UP: Final = SIGNED_IN
SIGNED_IN_WHOLLY: Final = SIGNED_IN - {Who.UNPROVEN}
AT_THE_DOOR: Final = frozenset({Who.DOOR, Who.LIBRARIAN})
AT_ANY_DOOR: Final = AT_THE_DOOR | {Who.ELSEWHERE}
LIBRARIAN: Final = frozenset({Who.LIBRARIAN})
ANY_LIBRARIAN: Final = LIBRARIAN | {Who.ELSEWHERE}
COORDINATOR: Final = frozenset({Who.COORDINATOR})
PLANNERS: Final = ANY_LIBRARIAN | COORDINATOR
ADMIN: Final = frozenset({Who.ADMIN})
AUDITORS: Final = ADMIN | {Who.PRIVACY_OFFICER}

TABLE: Final[Mapping[str, frozenset[Who]]] = {
    "static": EVERYBODY,
    # what is on
    "whats_on.show_home": EVERYBODY,
    "whats_on.list_activities": EVERYBODY,
    "whats_on.show_activity": EVERYBODY,
    "whats_on.show_month": EVERYBODY,
    "whats_on.follow_short_link": EVERYBODY,
    "whats_on.show_library": EVERYBODY,
    "whats_on.atom_feed": EVERYBODY,
    "whats_on.show_sitemap": EVERYBODY,
    "whats_on.show_robots": EVERYBODY,
    "whats_on.embed_activities": EVERYBODY,
    "whats_on.embed_next": EVERYBODY,
    "whats_on.show_embed_code": ANY_LIBRARIAN,
    "planner.list_own": ANY_LIBRARIAN,
    "planner.show_new": ANY_LIBRARIAN,
    "planner.add": ANY_LIBRARIAN,
    "planner.show_own": LIBRARIAN,
    "planner.show_words": LIBRARIAN,
    "planner.save_words": LIBRARIAN,
    "planner.publish_own": LIBRARIAN,
    "planner.put_away": LIBRARIAN,
    "planner.show_links": LIBRARIAN,
    "planner.show_sheet": ANY_LIBRARIAN,
    "planner.read_activities": ANY_LIBRARIAN,
    "planner.show_partners": LIBRARIAN,
    "planner.tie_partner": LIBRARIAN,
    "planner.untie_partner": LIBRARIAN,
    "planner.make_link": LIBRARIAN,
    "planner.take_links_back": LIBRARIAN,
    "whats_on.show_invited": HOLDER,
    "posters.show_poster": EVERYBODY,
    "posters.poster_pdf": EVERYBODY,
    "posters.flyers_pdf": EVERYBODY,
    "posters.draft_pdf": LIBRARIAN,
    "whats_on.show_preview": HOLDER,
    "planner.take_out": LIBRARIAN,
    "planner.show_about": LIBRARIAN,
    "planner.save_about": LIBRARIAN,
    "planner.show_asks": LIBRARIAN,
    "planner.save_asks": LIBRARIAN,
    "planner.show_terms": LIBRARIAN,
    "planner.save_terms": LIBRARIAN,
    "planner.show_more_dates": LIBRARIAN,
    "planner.add_dates": LIBRARIAN,
    "planner.drop": LIBRARIAN,
    "planner.show_move": LIBRARIAN,
    "planner.move": LIBRARIAN,
    "planner.show_meeting_call_off": LIBRARIAN,
    "planner.call_meeting_off": LIBRARIAN,
    "planner.show_meeting_back_on": LIBRARIAN,
    "planner.put_meeting_on": LIBRARIAN,
    "planner.show_call_off": LIBRARIAN,
    "planner.call_off": LIBRARIAN,
    "planner.show_back_on": LIBRARIAN,
    "planner.put_on": LIBRARIAN,
    # the register of partners is shared by all libraries
    "partners.list_all": ANY_LIBRARIAN,
    "partners.show_new": ANY_LIBRARIAN,
    "partners.add": ANY_LIBRARIAN,
    "partners.show": ANY_LIBRARIAN,
    "partners.change": ANY_LIBRARIAN,
    "partners.put_away": ANY_LIBRARIAN,
    "partners.take_back": ANY_LIBRARIAN,
    # the plan of the project is looked at by who plans, and changed by who coordinates
    "plan.show_plan": PLANNERS,
    "plan.show_new": COORDINATOR,
    "plan.add": COORDINATOR,
    "plan.show_item": COORDINATOR,
    "plan.change": COORDINATOR,
    "plan.call_off": COORDINATOR,
    "plan.put_back_on": COORDINATOR,
    "planner.show_plan_meeting": COORDINATOR,
    "planner.tie_plan_meeting": COORDINATOR,
    # asking for a place, waiting for one, giving it back
    "family.show_form": EVERYBODY,
    "family.ask": EVERYBODY,
    "family.show_youth_form": EVERYBODY,
    "family.ask_as_youth": EVERYBODY,
    "family.show_asked": EVERYBODY,
    "family.type_code": EVERYBODY,
    "family.show_signup": HOLDER,
    "family.give_back": HOLDER,
    "family.still_coming": HOLDER,
    "family.take_consent_back": HOLDER,
    "family.guardian_takes_consent_back": HOLDER,
    "family.show_confirmation": HOLDER,
    "family.confirm": HOLDER,
    "family.guardian_yes": HOLDER,
    "family.guardian_no": HOLDER,
    "family.guardian_wonders": HOLDER,
    "family.guardian_back": HOLDER,
    "family.show_offer": HOLDER,
    "family.accept": HOLDER,
    "family.decline": HOLDER,
    "family.show_not_me": HOLDER,
    "family.not_me": HOLDER,
    # a family's own page: it enters by letter, and nobody here has one
    "family.show_my": EVERYBODY,
    "family.ask_for_entry": EVERYBODY,
    "family.show_entry_code": EVERYBODY,
    "family.type_entry_code": EVERYBODY,
    "family.show_entrance": HOLDER,
    "family.enter": HOLDER,
    "family.leave_my": EVERYBODY,
    "family.accept_own": HOLDER,
    "family.decline_own": HOLDER,
    "family.give_back_own": HOLDER,
    "family.take_back_consent": HOLDER,
    "family.shield_own": HOLDER,
    "family.show_endings": HOLDER,
    "family.renew_by_letter": HOLDER,
    "family.end_by_letter": HOLDER,
    "family.renew_own": HOLDER,
    "family.show_besides": HOLDER,
    "family.say_more": HOLDER,
    "family.show_own_besides": HOLDER,
    "family.say_own_more": HOLDER,
    "family.show_pictures": HOLDER,
    "family.answer_pictures": HOLDER,
    "family.take_pictures_back": HOLDER,
    "family.show_own_pictures": HOLDER,
    "family.answer_own_pictures": HOLDER,
    "family.take_own_pictures_back": HOLDER,
    "family.show_other_guardian": HOLDER,
    "family.other_guardian_yes": HOLDER,
    "family.other_guardian_no": HOLDER,
    "family.other_guardian_unknown": HOLDER,
    "family.other_guardian_back": HOLDER,
    "family.show_contact": HOLDER,
    "family.save_contact": HOLDER,
    "family.show_address": HOLDER,
    "family.ask_for_address": HOLDER,
    "family.keep_address": HOLDER,
    "family.show_new_address": HOLDER,
    "family.take_address": HOLDER,
    "calendars.show_family_calendar": HOLDER,
    "calendars.choose_family_calendar": HOLDER,
    "calendars.make_family_address": HOLDER,
    "calendars.take_family_address_away": HOLDER,
    "calendars.show_staff_calendar": SIGNED_IN_WHOLLY,
    "calendars.make_staff_address": SIGNED_IN_WHOLLY,
    "calendars.take_staff_address_away": SIGNED_IN_WHOLLY,
    "calendars.show_partner_calendar": ANY_LIBRARIAN,
    "calendars.make_partner_address": ANY_LIBRARIAN,
    "calendars.take_partner_address_away": ANY_LIBRARIAN,
    "own_feeds.of_family": HOLDER,
    "own_feeds.of_staff": HOLDER,
    "own_feeds.of_partner": HOLDER,
    "own_feeds.of_nobody": HOLDER,
    "privacy.show_own_data": HOLDER,
    "privacy.download_own_data": HOLDER,
    "privacy.show_erasing": HOLDER,
    "privacy.erase_own": HOLDER,
    "desk.list_signups": LIBRARIAN,
    "desk.show_entry": LIBRARIAN,
    "desk.add_entry": LIBRARIAN,
    "desk.show_act": LIBRARIAN,
    "desk.do_act": LIBRARIAN,
    "desk.show_needs": LIBRARIAN,
    "desk.withdraw_consent": LIBRARIAN,
    "desk.shield": LIBRARIAN,
    "desk.find_children": ANY_LIBRARIAN,
    "desk.show_details": LIBRARIAN,
    "desk.stop_texts": LIBRARIAN,
    "desk.list_pictures": ANY_LIBRARIAN,
    "desk.pictures_are_down": LIBRARIAN,
    "desk.list_uses": LIBRARIAN,
    "desk.add_use": LIBRARIAN,
    "desk.take_use_off": LIBRARIAN,
    # at the door
    "attendance.show_today": AT_ANY_DOOR,
    "attendance.show_register": AT_THE_DOOR,
    "attendance.make_mark": AT_THE_DOOR,
    "attendance.make_count": AT_THE_DOOR,
    "attendance.take": AT_THE_DOOR,
    "attendance.show_list": AT_THE_DOOR,
    "attendance.find": AT_THE_DOOR,
    "attendance.show_person": AT_THE_DOOR,
    "attendance.show_token": AT_ANY_DOOR,
    "attendance.show_shell": EVERYBODY,
    "attendance.worker": EVERYBODY,
    "attendance.show_paper": AT_THE_DOOR,
    "attendance.show_in_the_house": AT_THE_DOOR,
    "attendance.show_typing": AT_THE_DOOR,
    "attendance.take_typed": AT_THE_DOOR,
    "attendance.show_registers": ANY_LIBRARIAN,
    "attendance.show_tablet": LIBRARIAN,
    "attendance.put_tablet_up": LIBRARIAN,
    "attendance.take_tablet_off": LIBRARIAN,
    "attendance.show_names": HOLDER,
    "attendance.say_here": HOLDER,
    "attendance.show_walk_in_form": AT_THE_DOOR,
    "attendance.write_walk_in_down": AT_THE_DOOR,
    "attendance.write_walk_in_down_again": AT_THE_DOOR,
    "attendance.show_walk_in": AT_THE_DOOR,
    "attendance.ask_guardian": AT_THE_DOOR,
    "attendance.note_given": AT_THE_DOOR,
    "attendance.show_leave_page": HOLDER,
    "attendance.say_yes": HOLDER,
    "attendance.say_no": HOLDER,
    "attendance.show_closing": LIBRARIAN,
    "attendance.close": LIBRARIAN,
    "attendance.reopen_register": LIBRARIAN,
    # calendars and figures
    "feeds.all_meetings": EVERYBODY,
    "feeds.of_library": EVERYBODY,
    "feeds.of_activity": EVERYBODY,
    "feeds.of_meeting": EVERYBODY,
    "reports.show_participation": EVERYBODY,
    "reports.show_own_figures": ANY_LIBRARIAN,
    "reports.show_targets": COORDINATOR,
    "reports.save_targets": COORDINATOR,
    "reports.show_own_sheet": ANY_LIBRARIAN,
    "reports.download_own_figures": ANY_LIBRARIAN,
    "reports.show_all_figures": COORDINATOR,
    "reports.show_all_sheet": COORDINATOR,
    "reports.download_all": COORDINATOR,
    "reports.download_participation": EVERYBODY,
    "reports.show_definitions": EVERYBODY,
    "reports.show_snapshot": EVERYBODY,
    "reports.download_snapshot": EVERYBODY,
    "reports.show_own_snapshot": COORDINATOR,
    "reports.download_own_snapshot": COORDINATOR,
    "reports.show_year": ANY_LIBRARIAN,
    "reports.download_year": ANY_LIBRARIAN,
    # for other programs: the counts of a library take its key, and nobody here holds one
    "api.show_guide": EVERYBODY,
    "api.show_description": EVERYBODY,
    "api.list_meetings": EVERYBODY,
    "api.meetings_csv": EVERYBODY,
    "api.list_activities": EVERYBODY,
    "api.activities_csv": EVERYBODY,
    "api.show_participation": EVERYBODY,
    "api.participation_csv": EVERYBODY,
    "api.show_attendance": HOLDER,
    "api.attendance_csv": HOLDER,
    "api.list_keys": ANY_LIBRARIAN,
    "api.show_new_key": ANY_LIBRARIAN,
    "api.add_key": ANY_LIBRARIAN,
    "api.take_key_back": LIBRARIAN,
    # what staff write to families
    "notices.show_writing": LIBRARIAN,
    "notices.send": LIBRARIAN,
    "notices.show_notice": LIBRARIAN,
    "notices.undo": LIBRARIAN,
    # letters
    "outbox.list_troubled": ANY_LIBRARIAN | ADMIN,
    "outbox.send_again": LIBRARIAN,
    "outbox.drop_letter": LIBRARIAN,
    # signing in
    "accounts.show_sign_in": EVERYBODY,
    "accounts.sign_in": EVERYBODY,
    "accounts.show_second_step": EVERYBODY,
    "accounts.check_code": EVERYBODY,
    "accounts.check_passkey": EVERYBODY,
    "accounts.show_forgotten": EVERYBODY,
    "accounts.ask_for_password": EVERYBODY,
    "accounts.show_asked": EVERYBODY,
    "accounts.show_new_password": HOLDER,
    "accounts.choose_new_password": HOLDER,
    "accounts.show_invitation": HOLDER,
    "accounts.accept": HOLDER,
    "accounts.show_first_admin": HOLDER,
    "accounts.begin_as_first_admin": HOLDER,
    "accounts.sign_out": SETTING_UP,
    "accounts.show_proof": SETTING_UP,
    "accounts.prove": SETTING_UP,
    # one's own account
    "accounts.show_second_factor": SETTING_UP,
    "accounts.begin_code_app": SETTING_UP,
    "accounts.show_code_app": SETTING_UP,
    "accounts.confirm_code_app": SETTING_UP,
    "accounts.offer_passkey": SETTING_UP,
    "accounts.save_passkey": SETTING_UP,
    "accounts.show_own_account": SIGNED_IN_WHOLLY,
    "accounts.show_password": SIGNED_IN_WHOLLY,
    "accounts.save_password": SIGNED_IN_WHOLLY,
    "accounts.sign_out_everywhere": SIGNED_IN_WHOLLY,
    "accounts.drop_code_app": SIGNED_IN_WHOLLY,
    # It is about a passkey that is somebody else's: not found by anybody.
    "accounts.drop_passkey": HOLDER,
    "accounts.show_new_recovery_codes": SIGNED_IN_WHOLLY,
    # the house
    "accounts.list_accounts": ADMIN,
    "accounts.show_new_account": ADMIN,
    "accounts.send_invitation": ADMIN,
    "accounts.show_account": ADMIN,
    "accounts.change_roles": ADMIN,
    "accounts.send_invitation_again": ADMIN,
    "accounts.disable_account": ADMIN,
    "accounts.enable_account": ADMIN,
    "accounts.sign_account_out": ADMIN,
    "accounts.drop_second_factor": ADMIN,
    "accounts.list_libraries": ADMIN,
    "accounts.show_new_library": ADMIN,
    "accounts.save_new_library": ADMIN,
    "accounts.show_library": ADMIN,
    "accounts.save_library": ADMIN,
    "accounts.show_record": AUDITORS,
    "consent.list_texts": AUDITORS,
    "consent.show_versions": AUDITORS,
    "consent.show_new_texts": ADMIN,
    "consent.save_new_texts": ADMIN,
    "consent.show_age_rules": AUDITORS,
    "consent.save_age_rule": ADMIN,
    "almanac.show_breaks": ADMIN,
    "almanac.import_sheet": ADMIN,
    # notices and the demonstration
    "privacy.show_notice": EVERYBODY,
    "privacy.show_accessibility": EVERYBODY,
    "privacy.show_about": EVERYBODY,
    "health.alive": EVERYBODY,
    "health.ready": EVERYBODY,
    "demo.show_kit": EVERYBODY,
    "demo.show_mailbox": EVERYBODY,
    "demo.show_letter": HOLDER,
    "demo.show_letter_html": HOLDER,
}


@dataclass
class House:
    """One library with everything that an address can be about, and everybody who may ask for it."""

    values: dict[str, Any]
    people: dict[Who, int] = field(default_factory=dict)


def _routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def test_every_way_in_has_a_row_in_the_table(app: Flask) -> None:
    without = {rule.endpoint for rule in app.url_map.iter_rules()} - set(TABLE)

    assert not without, f"say in TABLE, in this file, whom these routes let in: {sorted(without)}"


def test_every_row_of_the_table_is_about_a_way_in(app: Flask) -> None:
    gone = set(TABLE) - {rule.endpoint for rule in app.url_map.iter_rules()}

    assert not gone, f"these rows of TABLE are about routes that are not there: {sorted(gone)}"


@pytest.mark.parametrize("who", list(Who))
def test_everybody_gets_in_where_the_table_says_and_nowhere_else(
    app: Flask, arranging: Arranging, who: Who
) -> None:
    house = _furnish(arranging)
    visitor = Visitor(app, arranging, house, who)

    surprises = [
        f"{method} {rule.rule} ({rule.endpoint}): {answer}"
        for rule, method in _routes(app)
        for answer in (visitor.knock(_address(app, house, rule), method),)
        if (answer == "in") != (who in TABLE.get(rule.endpoint, EVERYBODY))
    ]

    assert not surprises, f"{who} against the table:\n" + "\n".join(surprises)


@pytest.mark.parametrize("who", [Who.DOOR, Who.ELSEWHERE, Who.COORDINATOR, Who.PRIVACY_OFFICER, Who.ADMIN])
def test_what_is_not_theirs_looks_like_what_is_not_there(app: Flask, arranging: Arranging, who: Who) -> None:
    house = _furnish(arranging)
    browser = _browser_of(app, arranging, house, who)
    occasion_id = house.values["occasion_id"]

    theirs = browser.get(f"/staff/occasions/{occasion_id}/sign-ups")
    nobodys = browser.get("/staff/occasions/999999/sign-ups")
    nothing = browser.get("/staff/nothing-of-the-kind")

    assert [answer.status_code for answer in (theirs, nobodys, nothing)] == [404] * 3
    assert theirs.text.replace(f"/{occasion_id}/", "/999999/") == nobodys.text


_CHANGES_NOTHING: Final = frozenset({"403", "404", "405"})


class Visitor:
    """Somebody who knocks at one address after the other."""

    def __init__(self, app: Flask, arranging: Arranging, house: House, who: Who) -> None:
        self._come = partial(_browser_of, app, arranging, house, who)
        self._browser = self._come()

    def knock(self, address: str, method: str) -> str:
        """Return "in", or how the person was kept out."""
        ask = self._browser.get if method == "GET" else self._browser.post
        answer = ask(address)
        answer.close()
        how = _how(answer)
        if method != "GET" and how not in _CHANGES_NOTHING:
            # This may have ended the session or removed the second step: come back as before.
            self._browser = self._come()
        return how


def _how(answer: TestResponse) -> str:
    if answer.status_code in {401, 404, 405, 403}:
        return str(answer.status_code)
    location = answer.location or ""
    if location.partition("?")[0] == "/staff/sign-in" and not _says_something(answer):
        return "asked to sign in"
    if location == "/my" and answer.request.path not in _FAMILIES_BEGIN_AT:
        return "asked to enter by letter"
    if location == "/staff/account/second-step" and answer.request.path not in _LEADS_THERE_ITSELF:
        return "asked to set up a second step"
    return "in"


# Leaving leads to where families enter, whether or not one was in.
_FAMILIES_BEGIN_AT: Final = frozenset({"/my", "/my/leave"})
# These views send whoever has begun nothing back to where it begins.
_LEADS_THERE_ITSELF: Final = frozenset({"/staff/account/code-app", "/staff/account/code-app/confirm"})


def _says_something(answer: TestResponse) -> bool:
    # Signing out leads to the same page as being kept out, but with a word of farewell in the session.
    return any(cookie.startswith("booking=") for cookie in answer.headers.getlist("Set-Cookie"))


def _browser_of(app: Flask, arranging: Arranging, house: House, who: Who) -> Browser:
    browser = Browser(app)
    if who in house.people:
        with arranging() as session:
            account = get_account(session, house.people[who])
            account.totp_secret = None if who is Who.UNPROVEN else "sealed"
        browser.sign_in_as(account, second_factor=who is not Who.UNPROVEN)
    return browser


def _address(app: Flask, house: House, rule: Rule) -> str:
    values = {**house.values, "slug": house.values[_slug_of(rule)]}
    unknown = rule.arguments - set(values)
    assert not unknown, f"say in _furnish what {rule.rule} is to be about: {sorted(unknown)}"
    wanted = {name: values[name] for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, wanted)


def _slug_of(rule: Rule) -> str:
    about_library = "libraries" in rule.rule or rule.endpoint == "feeds.of_library"
    return "library_slug" if about_library else "activity_slug"


def _furnish(arranging: Arranging) -> House:
    with arranging() as session:
        library, other = make_library(session), make_library(session)
        activity = make_activity(session, library=library)
        occasion = make_occasion(session, activity=activity)
        meeting = make_meeting(session, occasion=occasion, starts_at=NOON - timedelta(minutes=10))
        signup = make_signup(session, occasion=occasion)
        somebody = make_account(session, Role.LIBRARIAN, library=other, passkeys=[_passkey()])
        letter = _parked_letter(session, library)
        consent = _consent(session, signup, library)
        house = House(
            values={
                "meeting_id": meeting.id,
                "occasion_id": occasion.id,
                "activity_id": activity.id,
                "library_id": library.id,
                "signup_id": signup.id,
                "walk_in_id": _walk_in(session, meeting, signup, somebody).id,
                "account_id": somebody.id,
                "passkey_id": somebody.passkeys[0].id,
                "letter_id": letter.id,
                "consent_id": consent.id,
                "task_id": _pictures(session, signup, library).id,
                "use_id": _picture_use(session, signup, library, somebody).id,
                "key_id": _access_key(session, library, somebody).id,
                "notice_id": _notice(session, library, occasion, somebody).id,
                "partner_id": make_partner(session).id,
                "item_id": make_plan_item(session, kind=ItemKind.FOLLOW_UP).id,
                "uid": meeting.uid,
                "library_slug": library.slug,
                "activity_slug": activity.slug,
                "code": activity.code,
                "month": "2026-11",
                "token": "a-secret-that-nobody-sent",
                "kind": "signups",
                "act": "withdraw",
                "participant_id": signup.participant_id,
                "how": "shielded",
                "name": "nothing",
                "purpose": "news",
                "filename": "css/house.css",
                "form": "csv",
                "day": "2026-10-31",
            }
        )
        days = {"first_on": date(2026, 8, 1), "last_on": date(2026, 12, 31)}
        session.add(
            Publication(
                **days, through_on=date(2026, 10, 31), published_at=NOON, least_count=5, rule_version="1"
            )
        )
        house.people = {who: account.id for who, account in _people(session, library, other).items()}
        return house


def _people(session: Session, library: Library, other: Library) -> dict[Who, Account]:
    able: dict[str, Any] = {"password_hash": PASSWORD_HASH, "totp_secret": "sealed"}
    make_account(session, Role.ADMIN, **able)  # so that nobody here is the last one
    return {
        Who.DISABLED: make_account(session, Role.LIBRARIAN, library=library, active=False, **able),
        Who.UNPROVEN: make_account(session, Role.ADMIN, password_hash=PASSWORD_HASH),
        Who.DOOR: make_account(session, Role.DOOR, library=library, **able),
        Who.LIBRARIAN: make_account(session, Role.LIBRARIAN, library=library, **able),
        Who.ELSEWHERE: make_account(session, Role.LIBRARIAN, library=other, **able),
        Who.COORDINATOR: make_account(session, Role.COORDINATOR, **able),
        Who.PRIVACY_OFFICER: make_account(session, Role.PRIVACY_OFFICER, **able),
        Who.ADMIN: make_account(session, Role.ADMIN, **able),
    }


def _pictures(session: Session, signup: Signup, library: Library) -> PictureTask:
    task = PictureTask(
        library_id=library.id,
        occasion_id=signup.occasion_id,
        participant_id=signup.participant_id,
        purpose=WordingPurpose.PHOTO_WEB,
        reason=TakenDownFor.WITHDRAWN,
        opened_at=NOON,
    )
    session.add(task)
    session.flush()
    return task


def _picture_use(session: Session, signup: Signup, library: Library, somebody: Account) -> PictureUse:
    use = PictureUse(
        library_id=library.id,
        occasion_id=signup.occasion_id,
        purpose=WordingPurpose.PHOTO_WEB,
        place="https://bibliotek.example.org",
        used_on=NOON.date(),
        noted_at=NOON,
        account_id=somebody.id,
    )
    session.add(use)
    session.flush()
    return use


def _passkey() -> Passkey:
    return Passkey(
        credential_id=b"somebody", public_key=b"key", sign_count=0, transports=[], name="key", made_at=NOON
    )


def _notice(session: Session, library: Library, occasion: Occasion, account: Account) -> Notice:
    notice = Notice(
        library_id=library.id,
        occasion_id=occasion.id,
        account_id=account.id,
        send_key="sent",
        words="Ta med innesko.",
        groups=["place"],
        recipients=1,
        written_at=NOON,
        leaves_at=NOON + timedelta(seconds=30),
    )
    session.add(notice)
    session.flush()
    return notice


def _walk_in(session: Session, meeting: Meeting, signup: Signup, account: Account) -> WalkIn:
    walk_in = WalkIn(
        meeting_id=meeting.id,
        participant_id=signup.participant_id,
        ask_key="a form",
        leave=WalkInLeave.AWAITED,
        account_id=account.id,
        added_at=NOON,
        changed_at=NOON,
    )
    session.add(walk_in)
    session.flush()
    return walk_in


def _consent(session: Session, signup: Signup, library: Library) -> Consent:
    words = current_wording(session, purpose=WordingPurpose.NEWS, language=Language.EN)
    consent = Consent(
        participant_id=signup.participant_id,
        purpose=WordingPurpose.NEWS,
        library_id=library.id,
        wording_id=words.id,
        step=Step.GIVEN,
        capacity=Capacity.PARENT,
        established=Established.SELF_DECLARED,
        way=Way.FORM,
        child_answer=ChildAnswer.NOT_ASKED,
        at=NOON,
    )
    session.add(consent)
    session.flush()
    return consent


def _access_key(session: Session, library: Library, account: Account) -> AccessKey:
    key = AccessKey(
        library_id=library.id, name="a program", fingerprint="f" * 64, made_at=NOON, made_by_id=account.id
    )
    session.add(key)
    session.flush()
    return key


def _parked_letter(session: Session, library: Library) -> Letter:
    letter = Letter(
        key="a letter in trouble",
        message_id="letter-in-trouble",
        channel=Channel.EMAIL,
        policy=Policy.REPEAT,
        state=LetterState.PARKED,
        template="invitation",
        language="nb",
        library_id=library.id,
        address="forelder@example.org",
        facts={"name": "Ola", "secret": "s"},
        written_at=NOON,
        next_try_at=NOON,
        attempts=12,
    )
    session.add(letter)
    session.flush()
    return letter
