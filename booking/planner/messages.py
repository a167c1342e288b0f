"""The sentences of this room, and what the parts of an activity are called."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "library_missing": N_("Choose the library."),
    "kind_missing": N_("Choose what sort of activity it is."),
    "mode_missing": N_("Choose how one comes to it."),
    "title_missing": N_("Give it a title."),
    "title_says_nothing": N_("Use at least one letter or figure in the title."),
    "title_too_long": N_("The title is too long. Use at most 100 characters."),
    "summary_missing": N_("Write one or two sentences about it."),
    "summary_too_long": N_("This is too long. Use at most 300 characters."),
    "body_missing": N_("Tell what you will do together."),
    "body_too_long": N_("This is too long. Use at most 6,000 characters."),
    "translation_unfinished": N_("Write this too, or leave the whole language empty."),
    "room_missing": N_("Say where in the library to meet."),
    "room_too_long": N_("This is too long. Use at most 100 characters."),
    "grade_unknown": N_("Choose a grade from the list."),
    "grades_in_disorder": N_("The last grade has to be the same as the first one or higher."),
    "grade_other_end_missing": N_("Choose both the first and the last grade, or neither."),
    "capacity_missing": N_("Say how many places there are."),
    "capacity_out_of_range": N_("Use a whole number from 1 to 1,000."),
    "date_missing": N_("Choose the first date."),
    "date_unreadable": N_("Write the date as day, month and year, such as 24.11.2026."),
    "time_missing": N_("Choose a time."),
    "time_unreadable": N_("Write the time as hours and minutes, such as 17:00."),
    "weeks_out_of_range": N_("Use a whole number from 1 to 53."),
    "weeks_or_until": N_("Say how many weeks, or until when. One of them is enough."),
    "weekday_unknown": N_("Choose a weekday from the list."),
    "reach_unknown": N_("Choose which dates to change."),
    "access_note_too_long": N_("This is too long. Use at most 500 characters."),
    "own_question_too_long": N_("This is too long. Use at most 200 characters."),
    "question_unfinished": N_("Write the question in this language too, or in none."),
    "photo_channel_unknown": N_("Choose from the list."),
    "guardian_until_out_of_range": N_("Use a whole number from 1 to 18."),
    "place_name_too_long": N_("This is too long. Use at most 160 characters."),
    "visibility_unknown": N_("Choose who may see it."),
    "age_out_of_range": N_("Use a whole number from 0 to 99."),
    "ages_in_disorder": N_("The highest age has to be the same as the lowest or higher."),
    "grade_or_age": N_("Choose grades or ages, not both. The page shows both either way."),
    "responsible_unknown": N_("Choose somebody who works at this library."),
    "statistics_unknown": N_("Choose from the list."),
    "partner_missing": N_("Choose the partner."),
    "partner_role_missing": N_("Choose which part it has."),
    "sheet_missing": N_("Choose a file."),
    "sheet_unreadable": N_("This file cannot be read. Save it as XLSX, or as CSV in UTF-8."),
    "sheet_too_large": N_("This file is too large. Use at most 100 rows and %(most)s kB."),
    "sheet_lacks_columns": N_("These columns are missing: %(missing)s."),
    "sheet_empty": N_("There is no activity in this file."),
    "walk_in_places_out_of_range": N_("Use a whole number from 0 to 1,000."),
    "cancel_hours_out_of_range": N_("Use a whole number of hours from 0 to 720."),
}

VISIBILITY_NAMES: Final[Mapping[str, str]] = {
    "public": N_("Everybody"),
    "by_link": N_("Only those who get the link"),
    "internal": N_("Only staff"),
}

STATUS_NAMES: Final[Mapping[str, tuple[str, str, str]]] = {
    "draft": (N_("Draft"), "lock", "quiet"),
    "published": (N_("Shown"), "tick", "good"),
    "archived": (N_("Put away"), "lock", "quiet"),
}

STATISTICS_TYPE_NAMES: Final[Mapping[str, str]] = {
    "event": N_("Event"),
    "workshop": N_("Workshop"),
    "course": N_("Course"),
    "debate": N_("Talk or debate"),
    "training": N_("Training of staff"),
    "internal": N_("Internal, not counted"),
}

RESPONSIBILITY_NAMES: Final[Mapping[str, str]] = {
    "own": N_("The library"),
    "cooperation": N_("The library together with others"),
    "external": N_("Others alone; the library lends the room"),
}

TARGET_NAMES: Final[Mapping[str, str]] = {
    "children": N_("Children"),
    "youth": N_("Youth"),
    "adults": N_("Adults"),
    "all": N_("All ages"),
}

WEEKDAY_NAMES: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)

REACH_NAMES: Final[Mapping[str, str]] = {
    "this": N_("Only this date"),
    "later": N_("This date and all later ones"),
    "all": N_("All dates to come"),
}

# What a field is called when two versions of a page are laid side by side.
FIELD_NAMES: Final[Mapping[str, str]] = {
    "title": N_("Title"),
    "summary": N_("In one or two sentences"),
    "body": N_("What you will do together"),
    "access_note": N_("Getting in and taking part"),
    "question": N_("A question of your own"),
    "kind": N_("Kind"),
    "visibility": N_("Who may see it"),
    "audience": N_("For"),
    "place_name": N_("Another place"),
    "responsible": N_("Person responsible"),
    "has_second_adult": N_("A second adult is there"),
    "statistics_type": N_("Counted as"),
    "statistics_responsibility": N_("Responsible for the content"),
    "statistics_target": N_("Mainly for"),
    "announced_before": N_("Announced beforehand"),
    "mode": N_("Sign-up"),
    "capacity": N_("Places"),
    "walk_in_places": N_("Places for those who just come"),
    "opens_at": N_("Sign-up opens"),
    "closes_at": N_("Sign-up closes"),
    "cancel_hours": N_("Hours before the start to give a place back in time"),
    "has_queue": N_("Waiting list"),
    "asks_again": N_("Families are asked again a week before"),
    "asks_last_name": N_("The child’s last name"),
    "asks_needs": N_("What the child needs: food, access"),
    "photo_channels": N_("Pictures: where they may be shown"),
    "guardian_until": N_("A guardian says yes below the age of"),
}
