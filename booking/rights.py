"""What there is to be allowed in the house, and a visitor who is allowed some of it."""

from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """One thing that a signed-in member of staff may or may not do."""

    SEE_TODAY = "see_today"
    TAKE_ATTENDANCE = "take_attendance"
    CLOSE_MEETING = "close_meeting"
    PLAN_ACTIVITIES = "plan_activities"
    SEE_SIGNUPS = "see_signups"
    SEE_OWN_FIGURES = "see_own_figures"
    SEE_ALL_FIGURES = "see_all_figures"
    SET_TARGETS = "set_targets"
    SEE_PLAN = "see_plan"
    MANAGE_PLAN = "manage_plan"
    SEE_AUDIT = "see_audit"
    SEE_LETTERS = "see_letters"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_LIBRARIES = "manage_libraries"
    SEE_TEXTS = "see_texts"
    MANAGE_TEXTS = "manage_texts"
    MANAGE_KEYS = "manage_keys"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A right, at one library or (no library) across them all."""

    right: Right
    library_id: int | None


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """A signed-in member of staff, and what they may do where."""

    account_id: int
    name: str
    grants: frozenset[Grant]

    def may(self, right: Right) -> bool:
        """Tell whether the visitor has the right anywhere."""
        return any(grant.right == right for grant in self.grants)

    def libraries(self, right: Right) -> frozenset[int]:
        """Return the libraries at which the visitor has the right; a right across them all names none."""
        return frozenset(
            grant.library_id for grant in self.grants if grant.right == right and grant.library_id is not None
        )
