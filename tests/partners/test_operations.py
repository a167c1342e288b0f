"""Keeping the register, also when several do it at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.models import AuditEntry
from booking.audit.operations import write_down
from booking.errors import NotFound, Refusal
from booking.partners.models import Partner
from booking.partners.operations import add_partner, bring_back, change_partner, retire_partner
from booking.partners.queries import facts_of, get_partner, list_partners, partners_by_ids
from booking.partners.rules import (
    OrganisationNumberTaken,
    PartnerChangedMeanwhile,
    PartnerFacts,
    PartnerNameTaken,
    Sector,
    WebsiteWrong,
)
from booking.work import unit_of_work
from tests.conftest import StoppedClock
from tests.factories import NOON, make_account, make_partner

Arranging = Callable[[], AbstractContextManager[Session]]

CLUB = PartnerFacts(
    name="Granlia idrettslag",
    sector=Sector.VOLUNTARY,
    municipality_code="3401",
    organisation_number="310000019",
    website="https://www.example.org",
)
MANY = 6


@pytest.fixture
def who(session: Session) -> int:
    return make_account(session).id


def acts(session: Session) -> list[tuple[str, int | None]]:
    write_down(session)
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.action, entry.subject_id) for entry in entries if entry.subject == "partner"]


def test_a_partner_is_kept_as_it_was_told_and_the_act_is_noted(
    session: Session, clock: StoppedClock, who: int
) -> None:
    partner = add_partner(session, clock, facts=CLUB, account_id=who)

    assert facts_of(get_partner(session, partner.id)) == CLUB
    assert (partner.is_active, partner.version, partner.made_at) == (True, 1, NOON)
    assert acts(session) == [("partner_added", partner.id)]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "GRANLIA  idrettslag", "organisation_number": None}, PartnerNameTaken),
        ({"name": "Granlia IL"}, OrganisationNumberTaken),
        ({"website": "https://kari@example.org"}, WebsiteWrong),
    ],
)
def test_what_is_in_the_register_already_is_refused_and_nothing_is_left_of_it(
    session: Session, clock: StoppedClock, who: int, changes: dict[str, str], refusal: type[Refusal]
) -> None:
    known = add_partner(session, clock, facts=CLUB, account_id=who)
    retire_partner(session, clock, partner=known, account_id=who)

    with pytest.raises(refusal):
        add_partner(session, clock, facts=replace(CLUB, **changes), account_id=who)  # type: ignore[arg-type]

    assert [facts_of(each) for each in list_partners(session, include_retired=True)] == [CLUB]
    assert acts(session) == [("partner_added", known.id), ("partner_retired", known.id)]


def test_a_change_is_told_once_however_often_the_button_is_pressed(
    session: Session, clock: StoppedClock, who: int
) -> None:
    partner = add_partner(session, clock, facts=CLUB, account_id=who)
    clock.forward(minutes=5)
    renamed = replace(CLUB, name="Granlia IL", website=None)

    for _time in range(2):
        change_partner(session, clock, partner=partner, facts=renamed, version=1, account_id=who)

    assert (facts_of(partner), partner.version, partner.changed_at) == (renamed, 2, clock())
    assert acts(session) == [("partner_added", partner.id), ("partner_changed", partner.id)]


def test_of_two_who_change_one_partner_the_second_is_told_and_overwrites_nothing(
    session: Session, clock: StoppedClock, who: int
) -> None:
    partner = add_partner(session, clock, facts=CLUB, account_id=who)
    first, second = replace(CLUB, name="Granlia IL"), replace(CLUB, sector=Sector.CULTURE)
    change_partner(session, clock, partner=partner, facts=first, version=1, account_id=who)

    with pytest.raises(PartnerChangedMeanwhile):
        change_partner(session, clock, partner=partner, facts=second, version=1, account_id=who)

    assert facts_of(partner) == first


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "granlia IDRETTSLAG"}, PartnerNameTaken),
        ({"organisation_number": "310000019"}, OrganisationNumberTaken),
    ],
)
def test_nobody_takes_anothers_name_or_number_by_changing_theirs(
    session: Session, clock: StoppedClock, who: int, changes: dict[str, str], refusal: type[Refusal]
) -> None:
    add_partner(session, clock, facts=CLUB, account_id=who)
    school = PartnerFacts(name="Granlia skole", sector=Sector.SCHOOL)
    partner = add_partner(session, clock, facts=school, account_id=who)
    wanted = replace(school, **changes)  # type: ignore[arg-type]

    with pytest.raises(refusal):
        change_partner(session, clock, partner=partner, facts=wanted, version=1, account_id=who)

    session.refresh(partner)
    assert facts_of(partner) == school


def test_a_partner_may_write_its_own_name_larger(session: Session, clock: StoppedClock, who: int) -> None:
    partner = add_partner(session, clock, facts=CLUB, account_id=who)

    larger = replace(CLUB, name="GRANLIA IDRETTSLAG")
    change_partner(session, clock, partner=partner, facts=larger, version=1, account_id=who)

    assert partner.name == "GRANLIA IDRETTSLAG"


def test_put_away_and_brought_back_twice_is_once(session: Session, clock: StoppedClock, who: int) -> None:
    partner = add_partner(session, clock, facts=CLUB, account_id=who)

    for act in (retire_partner, retire_partner, bring_back, bring_back):
        act(session, clock, partner=partner, account_id=who)

    assert partner.is_active
    assert [action for action, _id in acts(session)] == [
        "partner_added",
        "partner_retired",
        "partner_brought_back",
    ]


def test_putting_away_hinders_nobody_who_is_changing_the_facts(
    session: Session, clock: StoppedClock, who: int
) -> None:
    partner = add_partner(session, clock, facts=CLUB, account_id=who)
    retire_partner(session, clock, partner=partner, account_id=who)

    renamed = replace(CLUB, name="Granlia IL")
    change_partner(session, clock, partner=partner, facts=renamed, version=1, account_id=who)

    assert (partner.name, partner.is_active) == ("Granlia IL", False)


def test_the_list_goes_by_sector_and_by_the_norwegian_alphabet(session: Session) -> None:
    for name in ("Åsen IL", "zoologisk forening", "Ørnene", "Granlia IL"):
        make_partner(session, name=name)
    make_partner(session, name="Ullevål IL", is_active=False)
    make_partner(session, name="Abildsø skole", sector=Sector.SCHOOL)

    in_use = [partner.name for partner in list_partners(session)]
    every = [partner.name for partner in list_partners(session, include_retired=True)]

    assert in_use == ["Granlia IL", "zoologisk forening", "Ørnene", "Åsen IL", "Abildsø skole"]
    assert set(every) - set(in_use) == {"Ullevål IL"}


def test_partners_are_found_by_their_numbers_and_unknown_ones_are_not(session: Session) -> None:
    first, second = make_partner(session), make_partner(session, is_active=False)

    assert partners_by_ids(session, {first.id, second.id, 999_999}) == {first.id: first, second.id: second}
    assert partners_by_ids(session, []) == {}
    with pytest.raises(NotFound):
        get_partner(session, 999_999)


def outcomes(app: Flask, act: Callable[[Session, int], object]) -> list[str]:
    """Do the act in several threads at one moment; return what each was answered."""
    barrier = Barrier(MANY)

    def take_part(number: int) -> str:
        with app.app_context():
            barrier.wait()
            try:
                with unit_of_work() as (session, _clock):
                    act(session, number)
            except Refusal as refusal:
                return refusal.code
            return "done"

    with ThreadPoolExecutor(MANY) as threads:
        return sorted(threads.map(take_part, range(MANY)))


@pytest.mark.race
def test_of_several_who_add_one_name_at_once_one_does(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        account_id = make_account(session).id

    def add(session: Session, number: int) -> None:
        named = "Granlia IL" if number % 2 else "GRANLIA IL"
        facts = PartnerFacts(name=named, sector=Sector.VOLUNTARY)
        add_partner(session, clock, facts=facts, account_id=account_id)

    assert outcomes(app, add) == ["done"] + ["partner_name_taken"] * (MANY - 1)
    with arranging() as session:
        assert len(list_partners(session)) == 1


@pytest.mark.race
def test_of_several_who_save_at_once_one_does_and_the_others_are_told(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        account_id, partner_id = make_account(session).id, make_partner(session).id

    def rename(session: Session, number: int) -> None:
        facts = PartnerFacts(name=f"Granlia {number}. lag", sector=Sector.VOLUNTARY)
        partner = get_partner(session, partner_id)
        change_partner(session, clock, partner=partner, facts=facts, version=1, account_id=account_id)

    assert outcomes(app, rename) == ["done"] + ["partner_changed_meanwhile"] * (MANY - 1)
    with arranging() as session:
        assert session.get_one(Partner, partner_id).version == 2
