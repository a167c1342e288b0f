"""Roughly which program fetched an address, as far as its own word for itself tells."""

from enum import StrEnum
from typing import Final


class Program(StrEnum):
    """A family of programs that fetch calendars. Nothing finer is kept: a version can tell people apart."""

    GOOGLE = "google"
    APPLE = "apple"
    OUTLOOK = "outlook"
    THUNDERBIRD = "thunderbird"
    NEXTCLOUD = "nextcloud"
    ANDROID = "android"
    LINUX = "linux"
    BROWSER = "browser"
    OTHER = "other"


# In this order: many programs also name the engine they are built on.
_TOLD_BY: Final = (
    (Program.GOOGLE, ("google-calendar", "googlebot", "google")),
    (Program.OUTLOOK, ("outlook", "microsoft", "exchange", "ms-office")),
    (Program.NEXTCLOUD, ("nextcloud", "owncloud", "sabredav")),
    (Program.THUNDERBIRD, ("thunderbird", "lightning")),
    (Program.ANDROID, ("icsx5", "davx5", "etar", "acalendar", "okhttp", "dalvik")),
    (Program.APPLE, ("dataaccessd", "calendaragent", "ical/", "ios/", "macos/", "mac os x/", "calendarcore")),
    (Program.LINUX, ("evolution", "gnome", "vdirsyncer", "khal", "korganizer", "akonadi", "libcurl", "curl")),
    (Program.BROWSER, ("mozilla",)),
)


def program_of(user_agent: str) -> Program:
    """Return the family of programs that calls itself so; whoever says nothing is another one."""
    said = user_agent.lower()
    found = (program for program, signs in _TOLD_BY if any(sign in said for sign in signs))
    return next(found, Program.OTHER)
