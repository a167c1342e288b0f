"""Saying no: a refusal carries a code and facts, and never words."""

from typing import ClassVar


class Refusal(Exception):  # noqa: N818 – it is an answer, not an error
    """The service says no, for a reason that a person can be told.

    `code` finds the sentence in a room's messages; `facts` fill its places; `field` names
    the form field that the sentence belongs beside, if there is one.
    """

    code: ClassVar[str]
    field: ClassVar[str | None] = None

    def __init__(self, **facts: object) -> None:
        """Keep the facts that the sentence will need."""
        super().__init__(self.code)
        self.facts = facts


class NotFound(Refusal):
    """It is not there, or it is not yours to see: one answer for both."""

    code: ClassVar[str] = "not_found"


class Busy(Refusal):
    """The database did not answer in time; trying again in a moment helps."""

    code: ClassVar[str] = "busy"
