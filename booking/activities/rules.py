"""What an activity can be, and when an occasion is open for sign-up."""

from enum import StrEnum


class Kind(StrEnum):
    """What sort of activity it is."""

    PILOT = "pilot"
    WORKSHOP = "workshop"
    EVENT = "event"
    DIALOGUE_MEETING = "dialogue_meeting"
    STAFF_TRAINING = "staff_training"
    INTERNAL_MEETING = "internal_meeting"


class Visibility(StrEnum):
    """Who may know of it."""

    PUBLIC = "public"
    BY_LINK = "by_link"
    INTERNAL = "internal"


class Status(StrEnum):
    """How far its page has come."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Mode(StrEnum):
    """How one comes to an occasion."""

    DROP_IN = "drop_in"
    SIGN_UP = "sign_up"
    SIGN_UP_AND_WALK_IN = "sign_up_and_walk_in"


class MeetingState(StrEnum):
    """What happened to a meeting's date since it was announced."""

    SCHEDULED = "scheduled"
    MOVED = "moved"
    CALLED_OFF = "called_off"


class StatisticsResponsibility(StrEnum):
    """Who is responsible for the content, as the national library statistics ask (domain: D1)."""

    OWN = "own"
    COOPERATION = "cooperation"
    EXTERNAL = "external"
