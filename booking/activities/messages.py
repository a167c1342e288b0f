"""The sentences of this room, and who an activity is for in words."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext

from booking.activities.audience import Audience, Span, ages_shown, audience_of, grades_shown
from booking.activities.models import Activity
from booking.activities.rules import Availability
from booking.i18n import N_

_LAST_SCHOOL_GRADE: Final = 10

WORDS: Final[Mapping[str, str]] = {
    "signup_not_yet_open": N_("Sign-up opens %(opens)s. Come back then."),
    "signup_closed": N_("Sign-up closed %(closed)s. Ask the library whether there is room."),
    "already_started": N_("This began %(started)s. Ask the library whether you can still join."),
    "occasion_called_off": N_("This is called off. Look at what else is on."),
    "no_signup_needed": N_("You need not sign up for this. Just come."),
    "outside_audience": N_(
        "This is for children born from %(born_from)s to %(born_to)s. "
        "Ask the library if you think it fits all the same."
    ),
    "too_old": N_(
        "This is for children born in %(born_from)s or later. "
        "Ask the library if you think it fits all the same."
    ),
    "too_young": N_(
        "This is for children born in %(born_to)s or earlier. "
        "Ask the library if you think it fits all the same."
    ),
    "not_ready_to_publish": N_("Something is still missing before families can see this. See the list."),
    "changed_meanwhile": N_(
        "Somebody else saved this page while you had it open. What you wrote is still below. "
        "Look at what it says now in another window, then save yours again."
    ),
    "meeting_is_over": N_("This date is over. It can no longer be moved or called off."),
    "meeting_not_on": N_("This date is called off. Take that back before you move it."),
    "meeting_was_shown": N_("Families may have seen this date. Call it off instead."),
    "new_time_is_past": N_("Choose a time that is still to come."),
    "date_out_of_reach": N_("This date is years away. Check the year."),
    "series_too_long": N_("A course can last %(most)s weeks. Choose an earlier last date."),
    "series_has_no_date": N_("No date is left. Tick one, or choose a later last date."),
    "dates_collide": N_("Two dates would begin at the same time. Choose another day or hour."),
    "still_on": N_("It has dates to come. Call them off first, so that families are told."),
    "capacity_below_taken": N_(
        "%(taken)s places are taken. Choose that many or more, or move children first."
    ),
    "mode_has_signups": N_("Families have signed up. Call it off first, or keep the sign-up."),
    "closes_before_opening": N_("Sign-up has to open before it closes."),
    "ends_before_start": N_("The end has to be later than the start."),
}


def say_audience(activity: Activity) -> str:
    """Return who the activity is for, by grade and by age: «5.–7. trinn (10–12 år)»."""
    audience = audience_of(
        grade_from=activity.grade_from,
        grade_to=activity.grade_to,
        age_from=activity.age_from,
        age_to=activity.age_to,
    )
    return say_who(audience)


def say_who(audience: Audience) -> str:
    """Return an audience by grade and by age: «5.–7. trinn (10–12 år)»."""
    grades, ages = grades_shown(audience), ages_shown(audience)
    if not ages.is_limited:
        return str(gettext("everyone"))
    if not grades.is_limited:
        return _say_ages(ages)
    return str(gettext("%(grades)s (%(ages)s)", grades=_say_grades(grades), ages=_say_ages(ages)))


def _say_ages(ages: Span) -> str:
    if ages.least is None:
        return str(gettext("up to age %(age)s", age=ages.most))
    if ages.most is None:
        return str(gettext("age %(age)s and up", age=ages.least))
    if ages.least == ages.most:
        return str(gettext("age %(age)s", age=ages.least))
    return str(gettext("ages %(first)s–%(last)s", first=ages.least, last=ages.most))


def _say_grades(grades: Span) -> str:
    if grades.least is None:
        return str(gettext("up to %(grade)s", grade=grade_name(grades.most or 0)))
    if grades.most is None:
        return str(gettext("%(grade)s and up", grade=grade_name(grades.least)))
    if grades.least == grades.most:
        return grade_name(grades.least)
    if grades.most <= _LAST_SCHOOL_GRADE:
        return str(gettext("grades %(first)s–%(last)s", first=grades.least, last=grades.most))
    return f"{grade_name(grades.least)}–{grade_name(grades.most)}"


def grade_name(grade: int) -> str:
    """Return what a grade is called: «5. trinn», and VG1 to VG3 after the tenth."""
    if grade <= _LAST_SCHOOL_GRADE:
        return str(gettext("grade %(grade)s", grade=grade))
    return f"VG{grade - _LAST_SCHOOL_GRADE}"


# How full an occasion is, in a word, with its sign and tone.
FULLNESS: Final[Mapping[Availability, tuple[str, str, str]]] = {
    Availability.AVAILABLE: (N_("Places available"), "tick", "good"),
    Availability.FEW: (N_("Few places left"), "tick", "good"),
    Availability.WAITING_LIST: (N_("Waiting list"), "hourglass", "wait"),
    Availability.FULL: (N_("Full"), "cross", "stop"),
}

KIND_NAMES: Final[Mapping[str, str]] = {
    "pilot": N_("Pilot activity"),
    "workshop": N_("Workshop"),
    "event": N_("Event"),
    "dialogue_meeting": N_("Dialogue meeting"),
    "staff_training": N_("Staff training (only staff see it)"),
    "internal_meeting": N_("Internal meeting (only staff see it)"),
}

MODE_NAMES: Final[Mapping[str, str]] = {
    "sign_up": N_("Sign up beforehand"),
    "sign_up_and_walk_in": N_("Sign up, or come if there is room"),
    "drop_in": N_("Just come"),
}

MISSING_NAMES: Final[Mapping[str, str]] = {
    "summary": N_("One or two sentences about it"),
    "body": N_("What you will do together"),
    "coming_meeting": N_("A date that is still to come"),
    "room": N_("Where in the library to meet"),
    "responsible": N_("Who is responsible"),
    "accessibility": N_("How one gets in: the library’s note on accessibility"),
    "contact": N_("How to reach the library"),
}
