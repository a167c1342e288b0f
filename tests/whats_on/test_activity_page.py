"""The page of one activity, and the short way to it from a poster."""

from typing import Any

import pytest

from booking.activities.models import ActivityText, Partnership
from booking.activities.rules import MeetingState
from booking.libraries.rules import Language
from booking.partners.rules import PartnerRole
from tests.browser import Browser
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_meeting,
    make_occasion,
    make_partner,
    make_text,
)
from tests.whats_on.house import HIDDEN, Arranging, check_html, put_up, words_of


def test_the_only_date_is_still_there_crossed_out_when_it_is_called_off(
    arranging: Arranging, browser: Browser
) -> None:
    slug = put_up(arranging, meeting={"state": MeetingState.CALLED_OFF})

    page = browser.get(f"/activities/{slug}").text

    assert "<del>Tuesday 1 December at 17:00–19:00</del>" in page
    assert "Called off" in words_of(page)
    assert "/calendar/meetings/" not in page


def test_the_next_date_says_that_it_was_moved(arranging: Arranging, browser: Browser) -> None:
    slug = put_up(arranging, meeting={"state": MeetingState.MOVED})

    call = browser.get(f"/activities/{slug}").text.partition('class="call"')[2].partition("</section>")[0]

    assert "Moved" in call


def test_dates_that_are_over_are_folded_away(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        run = make_occasion(session, activity=make_activity(session, slug="spill"))
        make_meeting(session, occasion=run)
        make_meeting(session, occasion=run, starts_at=NOON.replace(day=3))

    page = browser.get("/activities/spill").text

    folded = page.partition("Dates that are over")[2].partition("</details>")[0]
    assert "Tuesday 3 November" in folded
    assert "3 November" not in page.replace(folded, "")
    check_html(page)


def test_the_long_text_keeps_its_marks_below_the_headings_of_the_page(
    arranging: Arranging, browser: Browser
) -> None:
    body = (
        "# Om kvelden\n\nTa med **venner**:\n\n- brett\n- [kort](https://example.org/)\n\n<script>x</script>"
    )
    with arranging() as session:
        activity = make_activity(session, slug="spill", texts=[])
        make_text(session, activity, body=body)

    prose = browser.get("/activities/spill").text.partition('class="prose"')[2].partition("</div>")[0]

    assert "<h2>Om kvelden</h2>" in prose
    assert "<strong>venner</strong>" in prose
    assert '<a href="https://example.org/" rel="nofollow noopener">kort</a>' in prose
    assert "<script>" not in prose


def test_it_says_who_answers_for_it_that_two_adults_are_there_and_how_one_gets_in(
    arranging: Arranging, browser: Browser
) -> None:
    text = ActivityText(
        language=Language.NB, title="Tur", summary="Ut.", body="", access_note="Stien er jevn og bred."
    )
    with arranging() as session:
        somebody = make_account(session, name="Kari Eksempel")
    slug = put_up(
        arranging, responsible=somebody, has_second_adult=True, place_name="Furutoppen", texts=[text]
    )

    words = words_of(browser.get(f"/activities/{slug}").text)

    assert "Kari Eksempel answers for it." in words
    assert "There are always at least two adults." in words
    assert "Stien er jevn og bred." in words
    assert "Furutoppen" in words
    # The lift of the library is of no use elsewhere.
    assert "Heis og HC-toalett" not in words
    assert "Everything is free." in words


def test_it_names_those_who_take_part_and_how_but_not_who_spread_the_word(
    arranging: Arranging, browser: Browser
) -> None:
    roles = {"Granlia idrettslag": PartnerRole.CO_ORGANISER, "Furulia skole": PartnerRole.RECRUITMENT}
    with arranging() as session:
        activity = make_activity(session, slug="spill")
        for name, role in roles.items():
            partner = make_partner(session, name=name, website="https://example.org/")
            session.add(Partnership(activity_id=activity.id, partner_id=partner.id, role=role))
        make_meeting(session, occasion=make_occasion(session, activity=activity))

    page = browser.get("/activities/spill").text

    assert "Granlia idrettslag (co-organiser)" in words_of(page).replace(" (", " (")
    assert '<a href="https://example.org/" rel="nofollow noopener">Granlia idrettslag</a>' in page
    assert "Furulia skole" not in page
    assert "/activities/spill" in browser.get("/activities?q=granlia+idrettslag").text
    assert "/activities/spill" not in browser.get("/activities?q=furulia").text
    check_html(page)


def test_two_runs_of_one_activity_are_told_apart(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        activity = make_activity(session, slug="spill")
        for days in (3, 4):
            run = make_occasion(session, activity=activity)
            make_meeting(session, occasion=run, starts_at=NOON.replace(day=24 + days))

    page = browser.get("/activities/spill").text

    assert 'aria-label="The next date: Friday 27 November at 12:00–14:00"' in page
    assert 'aria-label="The next date: Saturday 28 November at 12:00–14:00"' in page


@pytest.mark.parametrize("code", ["KVELD2", "kveld2", "KvElD2"])
def test_a_short_link_leads_to_its_activity_in_whatever_letters_it_is_typed(
    arranging: Arranging, browser: Browser, code: str
) -> None:
    slug = put_up(arranging, code="KVELD2")

    answer = browser.get(f"/a/{code}")
    in_nynorsk = browser.get(f"/a/{code}?lang=nn&utm_source=poster")

    assert (answer.status_code, answer.location) == (302, f"/activities/{slug}")
    assert in_nynorsk.location == f"/activities/{slug}?lang=nn"
    assert "Set-Cookie" not in answer.headers
    assert "Set-Cookie" not in in_nynorsk.headers


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_short_link_to_what_is_not_for_all_leads_nowhere(
    arranging: Arranging, browser: Browser, hidden: dict[str, Any]
) -> None:
    put_up(arranging, code="KVELD2", **hidden)

    assert browser.get("/a/KVELD2").status_code == browser.get("/a/NOPE22").status_code == 404
