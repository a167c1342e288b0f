"""What a mark at the door can say."""

from enum import StrEnum


class Standing(StrEnum):
    """What is known of one person at one meeting. Booked is none of these: nobody came by having booked."""

    CAME = "came"
    DID_NOT_COME = "did_not_come"
    NOT_KNOWN = "not_known"
