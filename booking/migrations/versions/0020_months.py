"""Figures are counted from months in columns, which take the place of the half-years."""

from collections import defaultdict
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

GRADES = ("before", "1_4", "5_7", "8_10", "11_13", "after")
AGES = ("0_5", "6_12", "13_15", "16_18", "19_up")
HELD = ("held", "nobody_came")
BANDS = ("0_5", "6_12", "13_15", "16_18", "adults")
MEETING = (
    "day",
    "activity_id",
    "occasion_id",
    "is_course",
    "was_held",
    "seconds",
    "named",
    "kind",
    "partners",
)
COUNTED = (
    "capacity", "named_adults", "booked", "no_shows", "late_cancellations", "queued", "waited_in_vain", "offered_and_came", "asked",
    "permitted", "permitted_and_came", *BANDS,
)  # fmt: skip
COUNTS = ("size", "visitor_count", "first_count", "adult_count")
WORDS = ("kinds", "partner_sets", "person_words")
COLUMNS = ("meetings", "counted", "visitors", "visits", "bands", "firsts", "adults")

HALF_YEARS = """
INSERT INTO half_year_fact (half_year, library_id, visitor_id, occasion_id, activity_id, activity_kind, partner_sectors,
    age_band, grade_band, municipality_code, visits, seconds, first_day, last_day)
SELECT half_year, library_id, visitor_id, occasion_id, activity_id, activity_kind, partner_sectors,
    age_band, grade_band, municipality_code, count(*), sum(seconds), min(day), max(day)
FROM (
    SELECT 2 * {year} + CASE WHEN {month} >= 8 THEN 1 ELSE 0 END AS half_year,
        library_id, visitor_id, occasion_id, activity_id, activity_kind, partner_sectors, age_band, grade_band,
        municipality_code, seconds, day
    FROM person_fact JOIN meeting_fact ON meeting_fact.id = meeting_fact_id
    WHERE person_fact.outcome = 'came' AND age_band <> '19_up' AND NOT is_withdrawn
        AND meeting_fact.outcome IN ('held', 'nobody_came')
) AS visit
GROUP BY half_year, library_id, visitor_id, occasion_id, activity_id, activity_kind, partner_sectors,
    age_band, grade_band, municipality_code
"""

MONTH_FACT = sa.table(
    "month_fact",
    sa.column("library_id", sa.Integer),
    sa.column("month", sa.Integer),
    *(sa.column(name, sa.Integer) for name in COUNTS),
    *(sa.column(name, sa.Text) for name in WORDS),
    *(sa.column(name, sa.LargeBinary) for name in COLUMNS),
)
MEETING_FACT = sa.table(
    "meeting_fact",
    sa.column("held_on", sa.Date),
    sa.column("is_withdrawn", sa.Boolean),
    *(
        sa.column(name)
        for name in ("id", "library_id", "starts_at", "meeting_uid", "outcome", "activity_kind")
    ),
    *(sa.column(name, sa.Integer) for name in ("day", "activity_id", "occasion_id", "is_course", "seconds")),
    *(sa.column(name, sa.Integer) for name in COUNTED[:11]),
)
PERSON_FACT = sa.table(
    "person_fact",
    *(sa.column(name) for name in ("meeting_fact_id", "visitor_id", "outcome")),
    *(sa.column(name) for name in ("municipality_code", "age_band", "grade_band")),
)
VISITOR = sa.table("visitor", sa.column("id"), sa.column("first_fact_id"))
HEADCOUNTS = sa.table("headcount_fact", *map(sa.column, ("meeting_fact_id", "band", "persons")))
PARTNERS = sa.table("partner_fact", *map(sa.column, ("meeting_fact_id", "partner_id", "sector")))


def upgrade() -> None:
    """Add the months, fill them from the facts that are there, and drop the half-years."""
    op.create_table(
        "month_fact",
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        *(sa.Column(name, sa.Text(), nullable=False) for name in WORDS),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in COLUMNS),
        sa.ForeignKeyConstraint(
            ["library_id"], ["library.id"], name=op.f("fk_month_fact_library_id_library")
        ),
        sa.PrimaryKeyConstraint("library_id", "month", name=op.f("pk_month_fact")),
    )
    _fill()
    op.drop_table("half_year_fact")


def downgrade() -> None:
    """Put the half-years back, added up from the facts."""
    op.create_table(
        "half_year_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("half_year", "library_id", "visitor_id", "occasion_id", "activity_id")
        ),
        sa.Column("activity_kind", sa.String(40), nullable=False),
        sa.Column("partner_sectors", sa.String(200), nullable=False),
        sa.Column("age_band", _enum(AGES, "ageband"), nullable=False),
        sa.Column("grade_band", _enum(GRADES, "gradeband"), nullable=True),
        sa.Column("municipality_code", sa.String(4), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("visits", "seconds", "first_day", "last_day")
        ),
        sa.ForeignKeyConstraint(
            ["library_id"], ["library.id"], name=op.f("fk_half_year_fact_library_id_library")
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_half_year_fact_visitor_id_visitor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_half_year_fact")),
    )
    op.create_index("ix_half_year_fact_occasion_half_year", "half_year_fact", ["occasion_id", "half_year"])
    op.create_index("ix_half_year_fact_library_half_year", "half_year_fact", ["library_id", "half_year"])
    op.create_index(op.f("ix_half_year_fact_visitor_id"), "half_year_fact", ["visitor_id"])
    if op.get_context().dialect.name == "sqlite":
        year, month = (f"CAST(strftime('{sign}', held_on) AS INTEGER)" for sign in ("%Y", "%m"))
    else:
        year, month = (f"EXTRACT({part} FROM held_on)" for part in ("YEAR", "MONTH"))
    op.execute(HALF_YEARS.format(year=year, month=month))
    op.drop_table("month_fact")


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _fill() -> None:
    rows = op.get_bind().execute(
        sa.select(MEETING_FACT.c.library_id, MEETING_FACT.c.held_on)
        .distinct()
        .where(MEETING_FACT.c.is_withdrawn.is_(False))
    )
    for library_id, year, month in sorted({(row[0], row[1].year, row[1].month) for row in rows}):
        values = _month(library_id, date(year, month, 1))
        number = 12 * year + month - 1
        op.get_bind().execute(sa.insert(MONTH_FACT).values(library_id=library_id, month=number, **values))


def _month(library_id: int, first: date) -> dict[str, object]:
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    held = MEETING_FACT.c
    within = (held.library_id == library_id, held.held_on.between(first, last), held.is_withdrawn.is_(False))
    in_order = (held.held_on, held.starts_at, held.meeting_uid)
    meetings = op.get_bind().execute(sa.select(MEETING_FACT).where(*within).order_by(*in_order)).all()
    young, adults = _came(within)
    headcounts, partners = _of_each(within, HEADCOUNTS), _of_each(within, PARTNERS)
    kinds, partner_sets, words, rows = {}, {}, {}, []
    for each in meetings:
        told = {name: int(getattr(each, name) or 0) for name in (*MEETING[:4], "seconds", *COUNTED[:11])}
        told["capacity"] = 0 if each.capacity is None else each.capacity + 1
        told["was_held"] = int(each.outcome in HELD)
        told["named"] = len(young[each.id])
        told["kind"] = _place(kinds, each.activity_kind)
        pairs = "|".join(f"{partner_id}:{sector}" for partner_id, sector in sorted(partners[each.id]))
        told["partners"] = _place(partner_sets, pairs)
        rows.append({**told, **dict.fromkeys(BANDS, 0), **dict(headcounts[each.id])})
    grown_up = [
        (place, _place(words, word)) for place, each in enumerate(meetings) for word in adults[each.id]
    ]
    visits = [visit for each in meetings for visit in young[each.id]]
    people = sorted({visitor_id for visitor_id, _, _ in visits})
    places = {visitor_id: place for place, visitor_id in enumerate(people)}
    firsts = [place for place, (_, _, is_first) in enumerate(visits) if is_first]
    return {
        "size": len(rows),
        "meetings": _packed([row[name] for name in MEETING for row in rows]),
        "counted": _packed([row[name] for name in COUNTED for row in rows]),
        "visitor_count": len(places),
        "visitors": _packed(people),
        "visits": _packed([places[visitor_id] for visitor_id, _, _ in visits]),
        "bands": _packed([_place(words, word) for _, word, _ in visits]),
        "first_count": len(firsts),
        "firsts": _packed(firsts),
        "adult_count": len(grown_up),
        "adults": _packed([place for place, _ in grown_up] + [word for _, word in grown_up]),
        "kinds": _told(kinds),
        "partner_sets": _told(partner_sets),
        "person_words": _told(words),
    }


def _came(within: tuple[sa.ColumnElement[bool], ...]) -> tuple[dict, dict]:
    young, adults = defaultdict(list), defaultdict(list)
    who, held = PERSON_FACT.c, MEETING_FACT.c
    came = (who.outcome == "came", held.outcome.in_(HELD))
    rows = op.get_bind().execute(
        sa.select(who.meeting_fact_id, who.visitor_id, VISITOR.c.first_fact_id)
        .add_columns(who.municipality_code, who.age_band, who.grade_band)
        .join(MEETING_FACT, held.id == who.meeting_fact_id)
        .join(VISITOR, VISITOR.c.id == who.visitor_id)
        .where(*within, *came)
        .order_by(who.visitor_id)
    )
    for fact, visitor_id, first, place, age, grade in rows:
        word = f"{place}|{age}|{grade or ''}"
        if age == "19_up":
            adults[fact].append(word)
        else:
            young[fact].append((visitor_id, word, first == fact))
    return young, adults


def _of_each(within: tuple[sa.ColumnElement[bool], ...], table: sa.TableClause) -> dict:
    found = defaultdict(list)
    rows = sa.select(table).join(MEETING_FACT, MEETING_FACT.c.id == table.c.meeting_fact_id).where(*within)
    for fact, *told in op.get_bind().execute(rows):
        found[fact].append(tuple(told))
    return found


def _place(words: dict[str, int], word: str) -> int:
    return words.setdefault(word, len(words))


def _told(words: dict[str, int]) -> str:
    return "".join(f"{word}\n" for word in words)


def _packed(numbers: list[int]) -> bytes:
    # Each in as few bytes as the greatest needs, the lowest byte first.
    width = next(width for width in (1, 2, 4, 8) if max(numbers, default=0) < 1 << (8 * width))
    return b"".join(number.to_bytes(width, "little") for number in numbers)
