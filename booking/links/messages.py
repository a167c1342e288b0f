"""What the programs are called that fetch calendars."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_
from booking.links.programs import Program

PROGRAMS: Final[Mapping[Program, str]] = {
    Program.GOOGLE: N_("Google Calendar"),
    Program.APPLE: N_("a calendar of Apple’s"),
    Program.OUTLOOK: N_("Outlook"),
    Program.THUNDERBIRD: N_("Thunderbird"),
    Program.NEXTCLOUD: N_("Nextcloud"),
    Program.ANDROID: N_("a calendar on an Android phone"),
    Program.LINUX: N_("a calendar on Linux"),
    Program.BROWSER: N_("a web browser"),
    Program.OTHER: N_("a program that we do not know"),
}
