"""What a family's own calendar says of its places: as much as the family chose, and no more."""

from booking.feeds.rules import Entry
from booking.ical import own_title
from booking.pages import public_url
from booking.signups.booked import Booked
from booking.signups.booked_rules import Standing


def family_entry(booked: Booked) -> Entry:
    """Return one of the family's places as an entry of its calendar."""
    return Entry(
        uid=booked.uid,
        sequence=booked.sequence,
        made_at=booked.made_at,
        changed_at=booked.changed_at,
        starts_at=booked.starts_at,
        ends_at=booked.ends_at,
        is_called_off=booked.standing is Standing.CALLED_OFF,
        title=own_title(booked.title, booked.names),
        description="",
        place=booked.place,
        geo=None,
        # Never a secret address: calendars are shown around.
        url=_page_of(booked.slug),
        is_busy=True,
        is_private=True,
    )


def _page_of(slug: str | None) -> str:
    return public_url("whats_on.show_activity", slug=slug) if slug else public_url("family.show_my")
