"""Putting up an activity, changing it, showing it to families and putting it away."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from booking.activities.asks import Asks, check_asks
from booking.activities.dates import check_in_reach, split_dates, weekly
from booking.activities.models import Activity, Occasion
from booking.activities.noting import note_change
from booking.activities.planning import (
    About,
    ChangedMeanwhile,
    NotReady,
    Plan,
    StillOn,
    Terms,
    Words,
    texts_of,
)
from booking.activities.queries import missing_in, taken_slugs
from booking.activities.rows import about_of, asks_of, meeting_rows, terms_of, text_rows, words_of
from booking.activities.rules import Status
from booking.activities.wording import slug_of, slug_stem
from booking.clock import Clock
from booking.libraries.rules import Language, best_text
from booking.tokens import new_readable_code
from booking.versions import seen_as
from booking.wording import check_plain


def add_activity(session: Session, clock: Clock, *, library_id: int, plan: Plan) -> Activity:
    """Return a new draft with its occasion and its weekly meetings.

    Refuses DateOutOfReach and what `weekly` refuses, TextNotPlain, and GuardianAgeOutOfReason.
    """
    check_asks(plan.asks)
    check_in_reach(plan.series.first_on, clock())
    check_plain([plan.room, plan.about.place_name or "", *texts_of(plan.words)])
    title = best_text(plan.words, Language.NB).title
    activity = Activity(
        library_id=library_id,
        slug=slug_of(title, taken_slugs(session, slug_stem(title))),
        code=new_readable_code(),
        status=Status.DRAFT,
        changed_at=clock(),
        texts=text_rows(plan.words),
        occasions=[
            Occasion(meetings=meeting_rows(weekly(plan.series), room=plan.room, now=clock())),
        ],
    )
    _tell(activity, plan.about)
    _ask(activity, plan.asks)
    _set(activity.occasions[0], plan.terms)
    session.add(activity)
    session.flush()
    return activity


def change_words(
    session: Session,
    clock: Clock,
    *,
    activity: Activity,
    words: Sequence[Words],
    seen: str,
    account_id: int,
) -> None:
    """Give the activity new texts; a language that is left out goes.

    The activity comes from `take_own_activity`. Refuses ChangedMeanwhile when the texts are no longer those
    that were seen (`seen_as`), and TextNotPlain.
    """
    check_plain(texts_of(words))
    if seen_as(words_of(activity)) != seen:
        raise ChangedMeanwhile
    texts = {text.language: text for text in activity.texts}
    for given in words:
        kept = texts.pop(given.language, None)
        if kept is None:
            activity.texts.extend(text_rows([given]))
        else:
            kept.title, kept.summary, kept.body = given.title, given.summary, given.body
            kept.access_note, kept.question = given.access_note, given.question
    for left_out in texts.values():
        activity.texts.remove(left_out)
    note_change(session, clock, "activity_words_changed", activity, account_id)


def change_about(
    session: Session, clock: Clock, *, activity: Activity, about: About, seen: str, account_id: int
) -> None:
    """Tell anew what sort of activity it is, for whom, where, and who answers for it.

    The activity comes from `take_own_activity`. Refuses ChangedMeanwhile and TextNotPlain.
    """
    check_plain([about.place_name or ""])
    if seen_as(about_of(activity)) != seen:
        raise ChangedMeanwhile
    _tell(activity, about)
    note_change(session, clock, "activity_changed", activity, account_id)


def change_asks(
    session: Session, clock: Clock, *, activity: Activity, asks: Asks, seen: str, account_id: int
) -> None:
    """Say anew what families are asked; those who have signed up are not asked again.

    The activity comes from `take_own_activity`. Refuses ChangedMeanwhile and GuardianAgeOutOfReason.
    """
    check_asks(asks)
    if seen_as(asks_of(activity)) != seen:
        raise ChangedMeanwhile
    _ask(activity, asks)
    note_change(session, clock, "activity_asks_changed", activity, account_id)


def set_terms(
    session: Session, clock: Clock, *, occasion: Occasion, terms: Terms, seen: str, account_id: int
) -> None:
    """Tell anew how one comes to the occasion; whoever counts places checks the terms before.

    Refuses ChangedMeanwhile.
    """
    if seen_as(terms_of(occasion)) != seen:
        raise ChangedMeanwhile
    _set(occasion, terms)
    note_change(session, clock, "occasion_terms_changed", occasion.activity, account_id)


def publish(session: Session, clock: Clock, *, activity: Activity, account_id: int) -> None:
    """Show the activity to those whom it is for; twice is once. Refuses NotReady with what is missing."""
    if activity.status is Status.PUBLISHED:
        return
    missing = missing_in(activity, clock())
    if missing:
        raise NotReady(missing=missing)
    activity.status = Status.PUBLISHED
    activity.published_at = activity.published_at or clock()
    note_change(session, clock, "activity_published", activity, account_id)


def archive(session: Session, clock: Clock, *, activity: Activity, account_id: int) -> None:
    """Put the activity away: no family finds it any more, its figures stay. Twice is once.

    Refuses StillOn while a published activity has a date to come that is on.
    """
    if activity.status is Status.ARCHIVED:
        return
    meetings = [meeting for occasion in activity.occasions for meeting in occasion.meetings]
    if activity.status is Status.PUBLISHED and split_dates(meetings, clock()).following is not None:
        raise StillOn
    activity.status = Status.ARCHIVED
    note_change(session, clock, "activity_archived", activity, account_id)


def take_out_again(session: Session, clock: Clock, *, activity: Activity, account_id: int) -> None:
    """Make an archived activity a draft again; what is not archived stays as it is."""
    if activity.status is Status.ARCHIVED:
        activity.status = Status.DRAFT
        note_change(session, clock, "activity_taken_out_again", activity, account_id)


def _tell(activity: Activity, about: About) -> None:
    activity.kind, activity.visibility = about.kind, about.visibility
    activity.grade_from, activity.grade_to = about.audience.grades.least, about.audience.grades.most
    activity.age_from, activity.age_to = about.audience.ages.least, about.audience.ages.most
    activity.place_name = about.place_name
    activity.responsible_id = about.responsible_id
    activity.has_second_adult = about.has_second_adult
    activity.statistics_type = about.statistics_type
    activity.statistics_responsibility = about.statistics_responsibility
    activity.statistics_target = about.statistics_target
    activity.announced_before = about.announced_before


def _ask(activity: Activity, asks: Asks) -> None:
    activity.asks_last_name, activity.asks_needs = asks.last_name, asks.needs
    activity.photo_channels = [channel.value for channel in asks.photo_channels]
    activity.guardian_until = asks.guardian_until


def _set(occasion: Occasion, terms: Terms) -> None:
    occasion.mode, occasion.capacity = terms.mode, terms.capacity
    occasion.walk_in_places = terms.walk_in_places
    occasion.opens_at, occasion.closes_at = terms.opens_at, terms.closes_at
    occasion.cancel_deadline_minutes = terms.cancel_deadline_minutes
    occasion.has_queue, occasion.asks_again = terms.has_queue, terms.asks_again
