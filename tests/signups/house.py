"""A library with a course that a child is signed up for."""

from sqlalchemy.orm import Session

from booking.staff.rules import Role
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)


class House:
    """A library with a course of two dates, one child, and a librarian."""

    def __init__(self, session: Session) -> None:
        self.library = library = make_library(session)
        self.occasion = make_occasion(session, activity=make_activity(session, library=library))
        self.meetings = [
            make_meeting(session, occasion=self.occasion, starts_at=NOON.replace(month=12, day=day))
            for day in (1, 8)
        ]
        family = make_family(session, contact_name="Ola Eksempel", phone="+4722222222")
        child = make_participant(session, family=family)
        self.signup = make_signup(session, occasion=self.occasion, participant=child)
        self.librarian = make_account(session, Role.LIBRARIAN, library=library)
        self.stranger = make_account(session, Role.LIBRARIAN, library=make_library(session))

    def address(self, page: str) -> str:
        """The address of a page about this library's occasion."""
        return page.format(occasion=self.occasion.id, signup=self.signup.id, meeting=self.meetings[0].id)
