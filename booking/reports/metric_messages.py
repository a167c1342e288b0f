"""What each figure is called, and what it means, in the order in which they are told."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_
from booking.participation.metrics import NotKnown, Unit

# The parts in which figures are told: the heading, and the codes of the figures.
PARTS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        N_("Meetings and attendances"),
        (
            "sessions",
            "attendances",
            "named_attendances",
            "anonymous_attendances",
            "all_attendances",
            "contact_hours",
        ),
    ),
    (
        N_("Different children and youth"),
        (
            "unique",
            "new",
            "return_rate",
            "dose_sessions",
            "dose_sessions_median",
            "dose_hours",
            "dose_hours_median",
            "duration_weeks_median",
            "breadth_activities",
            "breadth_kinds",
            "completion",
            "reach",
            "workshop_children",
        ),
    ),
    (
        N_("Places and sign-ups"),
        (
            "funnel_asked",
            "funnel_permitted",
            "funnel_came",
            "fill",
            "no_show",
            "late_cancellation",
            "queue_conversion",
        ),
    ),
    (N_("Working together"), ("other_sector_share",)),
)

METRIC_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "sessions": (
        N_("Meetings held"),
        N_(
            "Meetings whose register is closed and that took place, also when nobody came. Called-off "
            "meetings are not counted."
        ),
    ),
    "attendances": (
        N_("Attendances"),
        N_(
            "How often a child or youth was at a meeting: those ticked by name and those counted at the "
            "door. Who came three times is counted three times. Adults are not counted."
        ),
    ),
    "named_attendances": (
        N_("Of these with a name"),
        N_("How often a child or youth on the list was ticked off."),
    ),
    "anonymous_attendances": (
        N_("Of these counted without a name"),
        N_("Children and youth who dropped in and were counted at the door."),
    ),
    "all_attendances": (
        N_("Participants for the national library statistics"),
        N_("All who were at the meetings, adults too, each time they were there."),
    ),
    "contact_hours": (
        N_("Contact hours"),
        N_("The length of each meeting times the number of children and youth who were there."),
    ),
    "unique": (
        N_("Different children and youth"),
        N_(
            "How many different children and youth with a name came at least once. Those counted without "
            "a name are not in this number, as nobody knows whether they came before."
        ),
    ),
    "new": (
        N_("New children and youth"),
        N_("Those who in this time came for the first time ever to anything at the library."),
    ),
    "return_rate": (
        N_("Came back"),
        N_("Of the different children and youth: how many of a hundred came on two days or more."),
    ),
    "dose_sessions": (
        N_("Meetings for each, on average"),
        N_("Attendances with a name, divided by the number of different children and youth."),
    ),
    "dose_sessions_median": (
        N_("Meetings for each, in the middle"),
        N_("Half of them came to so many meetings or fewer, the other half to as many or more."),
    ),
    "dose_hours": (
        N_("Hours for each, on average"),
        N_("Hours at meetings of those with a name, divided by how many different ones there were."),
    ),
    "dose_hours_median": (
        N_("Hours for each, in the middle"),
        N_("Half of them were there for so many hours or fewer, the other half for as many or more."),
    ),
    "duration_weeks_median": (
        N_("Weeks from the first time to the last, in the middle"),
        N_("For each child or youth: the weeks from the first meeting to the last, both counted."),
    ),
    "breadth_activities": (
        N_("Activities for each, on average"),
        N_("How many different activities each child or youth came to."),
    ),
    "breadth_kinds": (
        N_("Kinds of activity for each, on average"),
        N_("How many kinds, such as pilots and workshops, each child or youth came to."),
    ),
    "completion": (
        N_("Completed the course"),
        N_(
            "Courses that one signs up for as a whole: for each hundred who came to one of the first two "
            "meetings, how many came to at least three quarters of those held, also if they joined later."
        ),
    ),
    "reach": (
        N_("Reach for each 1,000"),
        N_(
            "Different children and youth of 6 to 18 years who live in the municipality, for each 1,000 "
            "residents of that age on 1 January (Statistics Norway, table 07459)."
        ),
    ),
    "workshop_children": (
        N_("Children and youth at workshops"),
        N_("How many different children and youth with a name came to a workshop where they help decide."),
    ),
    "funnel_asked": (
        N_("Asked for a place"),
        N_("How many sign-ups there were for the meetings, those on the waiting list too."),
    ),
    "funnel_permitted": (
        N_("Got leave and a place"),
        N_("Sign-ups for which a guardian said yes where that was needed, and that got a place."),
    ),
    "funnel_came": (
        N_("Had a place and came"),
        N_("Of those with leave and a place: how often they were there."),
    ),
    "fill": (
        N_("Places used"),
        N_(
            "Of a hundred places at meetings with a limit: how many were used, also by those who just came "
            "in."
        ),
    ),
    "no_show": (
        N_("Stayed away without a word"),
        N_(
            "Of all places that were booked when the time for cancelling ran out: how many were not used "
            "by somebody who did not cancel. Walk-ins are not counted."
        ),
    ),
    "late_cancellation": (
        N_("Cancelled too late"),
        N_(
            "Of all places that were booked when the time for cancelling ran out: how many were given back "
            "after that."
        ),
    ),
    "queue_conversion": (
        N_("From the waiting list to the meeting"),
        N_("Of those who waited for a place: how many of a hundred were offered one and came."),
    ),
    "other_sector_share": (
        N_("Meetings together with another sector"),
        N_("Of the meetings held: how many of a hundred had a partner from outside culture."),
    ),
}

# What the definitions ask for and this service does not know.
NOT_KNOWN_WORDS: Final[Mapping[NotKnown, str]] = {
    NotKnown.OPENINGS_BY_CHANNEL: N_("How often a link or a code was opened, by channel"),
    NotKnown.DISTRIBUTED_BY_CHANNEL: N_("How much was handed out, by channel"),
    NotKnown.FUNNEL_BY_WAVE: N_("From invitation to meeting, by round of invitations"),
    NotKnown.IDEAS: N_("Ideas received and carried out"),
    NotKnown.MEETINGS_BETWEEN_LIBRARIES: N_("Meetings that libraries hold together"),
}

UNIT_WORDS: Final[Mapping[Unit, str]] = {
    Unit.MEETINGS: N_("meetings"),
    Unit.VISITS: N_("attendances"),
    Unit.PERSONS: N_("persons"),
    Unit.HOURS: N_("hours"),
    Unit.WEEKS: N_("weeks"),
    Unit.ACTIVITIES: N_("activities"),
    Unit.KINDS: N_("kinds"),
    Unit.PERCENT: N_("per cent"),
    Unit.PER_THOUSAND: N_("for each 1,000"),
    Unit.PARTNERS: N_("partners"),
}
