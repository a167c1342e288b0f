"""Where a family is written to."""

from booking.people.models import Family


def address_of(family: Family) -> str:
    """Return the address of a family that has one; nobody who has not is written to."""
    if family.email is None:
        message = "this family has told no address"
        raise ValueError(message)
    return family.email
