"""The sentences about what staff write to families."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_
from booking.notices.rules import Group

WORDS: Final[Mapping[str, str]] = {
    "notice_words_missing": N_("Write what the families are to know."),
    "notice_words_too_long": N_("The text is too long. Use at most 2,000 characters."),
    "notice_groups_missing": N_("Choose at least one group to write to."),
    "nobody_to_write_to": N_("No family stands there now, so there is nobody to write to."),
    "notice_not_seen_like_this": N_(
        "Nothing was sent: the text or the families are not those that you saw. Look at it again."
    ),
    "too_late_to_undo": N_("The letters are on their way. They cannot be taken back any more."),
}

GROUP_NAMES: Final[Mapping[Group, str]] = {
    Group.PLACE: N_("Have a place"),
    Group.OFFERED: N_("Are offered a place"),
    Group.WAITING: N_("Wait for a place"),
    Group.UNANSWERED: N_("Have not confirmed, or wait for a guardian’s answer"),
}
