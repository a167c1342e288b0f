"""A library with an occasion, and a librarian who acts there for families that ask."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from booking.consent.rules import Capacity, Established
from booking.desk.act_operations import AtDesk
from booking.desk.entering import DeskRequest
from booking.desk.entry_operations import add_at_desk
from booking.libraries.rules import Language
from booking.signups.models import Signup
from booking.staff.rules import Role
from booking.tokens import new_uid
from tests.conftest import StoppedClock
from tests.factories import make_account, make_activity, make_library
from tests.signups.asking import HOLDS, child_asked, open_occasion


class Desk:
    """A library with an occasion and a librarian who acts there."""

    def __init__(self, session: Session, clock: StoppedClock, **terms: Any) -> None:
        self.session, self.clock = session, clock
        self.library = make_library(session)
        self.activity = make_activity(session, library=self.library)
        self.occasion = open_occasion(session, activity=self.activity, **terms)
        self.librarian = make_account(session, Role.LIBRARIAN, library=self.library)

    def add(self, *, reason: str | None = None, **changes: Any) -> Signup:
        """Add one child; with a reason (an empty one is none) an exception is made for it."""
        child: dict[str, Any] = {
            name: changes.pop(name) for name in ("first_name", "born") if name in changes
        }
        exceptions = {} if reason is None else {0: reason}
        return self.add_all([child], exceptions=exceptions, **changes)[0]

    def add_all(
        self, children: Sequence[dict[str, Any]], *, library_ids: frozenset[int] | None = None, **changes: Any
    ) -> Sequence[Signup]:
        """Add children with one form."""
        values: dict[str, Any] = {
            "children": tuple(
                child_asked(number, **{"municipality_code": "0000", **child})
                for number, child in enumerate(children)
            ),
            "contact_name": "Ola Eksempel",
            "email": "ola@example.org",
            "phone": None,
            "language": Language.EN,
            "capacity": Capacity.PARENT,
            "established": Established.BY_PHONE,
            "ask_key": new_uid(),
        }
        return add_at_desk(
            self.session,
            self.clock,
            occasion_id=self.occasion.id,
            library_ids=frozenset({self.library.id}) if library_ids is None else library_ids,
            account_id=self.librarian.id,
            request=DeskRequest(**{**values, **changes}),
            holds=HOLDS,
        )

    def at(self, signup: Signup, note: str = "asked for it by phone") -> AtDesk:
        return AtDesk(
            account_id=self.librarian.id,
            library_ids=frozenset({self.library.id}),
            occasion_id=signup.occasion_id,
            signup_id=signup.id,
            note=note,
        )
