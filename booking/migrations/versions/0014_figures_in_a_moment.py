"""Facts tell more of each meeting, and are added up so that ten years are counted in a moment."""

from collections import Counter
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

GRADES = ("before", "1_4", "5_7", "8_10", "11_13", "after")
AGES = ("0_5", "6_12", "13_15", "16_18", "19_up")
# What cannot be known of facts from before begins with this.
NUMBERS = (
    "occasion_id", "asked", "waited_in_vain", "day", "seconds", "named", "named_adults", "anonymous", "companions", "booked",
    "no_shows", "late_cancellations", "queued", "offered_and_came", "permitted", "permitted_and_came",
)  # fmt: skip

HALF_YEARS = """
INSERT INTO half_year_fact (half_year, library_id, visitor_id, occasion_id, activity_id, activity_kind, partner_sectors,
    age_band, grade_band, municipality_code, visits, seconds, first_day, last_day)
SELECT half_year, library_id, visitor_id, occasion_id, activity_id, activity_kind, partner_sectors,
    age_band, grade_band, municipality_code, count(*), sum(seconds), min(day), max(day)
FROM (
    SELECT 2 * EXTRACT(YEAR FROM held_on) + CASE WHEN EXTRACT(MONTH FROM held_on) >= 8 THEN 1 ELSE 0 END AS half_year,
        library_id, visitor_id, occasion_id, activity_id, activity_kind, partner_sectors, age_band, grade_band,
        municipality_code, seconds, day
    FROM person_fact JOIN meeting_fact ON meeting_fact.id = meeting_fact_id
    WHERE person_fact.outcome = 'came' AND age_band <> '19_up' AND NOT is_withdrawn
        AND meeting_fact.outcome IN ('held', 'nobody_came')
) AS visit
GROUP BY half_year, library_id, visitor_id, occasion_id, activity_id, activity_kind, partner_sectors,
    age_band, grade_band, municipality_code
"""
FIRST_MEETINGS = """
UPDATE visitor SET first_fact_id = (
    SELECT meeting_fact.id FROM person_fact JOIN meeting_fact ON meeting_fact.id = meeting_fact_id
    WHERE visitor_id = visitor.id AND person_fact.outcome = 'came' AND age_band <> '19_up' AND NOT is_withdrawn
        AND meeting_fact.outcome IN ('held', 'nobody_came')
    ORDER BY starts_at, meeting_uid LIMIT 1
)
"""


def upgrade() -> None:
    """Add the tables and the columns, and fill them from the facts that are there."""
    _make_tables()
    with op.batch_alter_table("person_fact") as batch:
        batch.add_column(sa.Column("visitor_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("grade_band", _enum(GRADES, "gradeband"), nullable=True))
        batch.add_column(sa.Column("was_offered", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("meeting_fact") as batch:
        for name in NUMBERS:
            batch.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("is_course", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("iso_week", sa.String(8), nullable=False, server_default=""))
        batch.add_column(sa.Column("partner_sectors", sa.String(200), nullable=False, server_default=""))
    _fill()
    _bare()


def downgrade() -> None:
    """Put the keys back where they were, and drop the rest."""
    op.add_column("person_fact", sa.Column("person_key", sa.String(36), nullable=False, server_default=""))
    op.execute(
        "UPDATE person_fact SET person_key = (SELECT person_key FROM visitor WHERE visitor.id = visitor_id)"
    )
    with op.batch_alter_table("person_fact") as batch:
        batch.drop_index("ix_person_fact_counted")
        batch.drop_index(op.f("ix_person_fact_visitor_id"))
        batch.drop_constraint(op.f("uq_person_fact_meeting_fact_id_visitor_id"), type_="unique")
        batch.drop_constraint(op.f("fk_person_fact_visitor_id_visitor"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_person_fact_gradeband"), type_="check")
        for name in ("visitor_id", "grade_band", "was_offered"):
            batch.drop_column(name)
        batch.alter_column("person_key", existing_type=sa.String(36), server_default=None)
        batch.create_unique_constraint(
            op.f("uq_person_fact_meeting_fact_id_person_key"), ["meeting_fact_id", "person_key"]
        )
        batch.create_index(op.f("ix_person_fact_person_key"), ["person_key"])
    for table in ("target", "population", "half_year_fact", "partner_fact", "visitor"):
        op.drop_table(table)
    with op.batch_alter_table("meeting_fact") as batch:
        batch.drop_index(op.f("ix_meeting_fact_occasion_id"))
        for name in (*NUMBERS, "is_course", "iso_week", "partner_sectors"):
            batch.drop_column(name)


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _make_tables() -> None:
    op.create_table(
        "visitor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.String(36), nullable=False),
        sa.Column("first_fact_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name=op.f("fk_visitor_library_id_library")),
        sa.ForeignKeyConstraint(
            ["first_fact_id"],
            ["meeting_fact.id"],
            name=op.f("fk_visitor_first_fact_id_meeting_fact"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor")),
        sa.UniqueConstraint("library_id", "person_key", name=op.f("uq_visitor_library_id_person_key")),
    )
    op.create_index(op.f("ix_visitor_person_key"), "visitor", ["person_key"])
    op.create_index(op.f("ix_visitor_first_fact_id"), "visitor", ["first_fact_id"])
    op.create_table(
        "partner_fact",
        sa.Column("meeting_fact_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("sector", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_fact_id"],
            ["meeting_fact.id"],
            name=op.f("fk_partner_fact_meeting_fact_id_meeting_fact"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("meeting_fact_id", "partner_id", name=op.f("pk_partner_fact")),
    )
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
    op.create_table(
        "population",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(4), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ages", _enum(("6_18", "6_12", "13_15", "16_18", "0_14", "all"), "ages"), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("persons >= 0", name=op.f("ck_population_not_negative")),
        sa.CheckConstraint(
            "length(municipality_code) = 4", name=op.f("ck_population_municipality_code_has_four_digits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population")),
        sa.UniqueConstraint(
            "municipality_code", "year", "ages", name=op.f("uq_population_municipality_code_year_ages")
        ),
    )
    _make_targets()


def _make_targets() -> None:
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=True),
        sa.Column("metric_code", sa.String(40), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_target_days_in_order")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_target_not_negative")),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name=op.f("fk_target_library_id_library")),
        sa.ForeignKeyConstraint(["set_by_id"], ["account.id"], name=op.f("fk_target_set_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    for name, columns, where in (
        ("uq_target_of_a_library", ["library_id"], sa.text("library_id IS NOT NULL")),
        ("uq_target_of_all", [], sa.text("library_id IS NULL")),
    ):
        op.create_index(
            name,
            "target",
            [*columns, "metric_code", "first_on", "last_on"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )


def _fill() -> None:
    op.execute(
        "INSERT INTO visitor (library_id, person_key) SELECT DISTINCT library_id, person_key "
        "FROM person_fact JOIN meeting_fact ON meeting_fact.id = meeting_fact_id"
    )
    op.execute(
        "UPDATE person_fact SET visitor_id = (SELECT visitor.id FROM visitor JOIN meeting_fact "
        "ON meeting_fact.library_id = visitor.library_id "
        "WHERE meeting_fact.id = meeting_fact_id AND visitor.person_key = person_fact.person_key)"
    )
    op.execute(
        "UPDATE meeting_fact SET occasion_id = "
        "coalesce((SELECT meeting.occasion_id FROM meeting WHERE meeting.uid = meeting_uid), 0)"
    )
    op.execute(
        "UPDATE meeting_fact SET is_course = (occasion_id IN (SELECT occasion.id FROM occasion JOIN meeting "
        "ON meeting.occasion_id = occasion.id WHERE mode = 'sign_up' GROUP BY occasion.id HAVING count(*) > 1))"
    )
    op.execute(
        "INSERT INTO partner_fact (meeting_fact_id, partner_id, sector) "
        "SELECT meeting_fact.id, partner.id, partner.sector FROM meeting_fact "
        "JOIN partnership ON partnership.activity_id = meeting_fact.activity_id "
        "JOIN partner ON partner.id = partnership.partner_id"
    )
    for fact in op.get_bind().execute(sa.text("SELECT id FROM meeting_fact")).scalars().all():
        _tally(fact)
    op.execute(FIRST_MEETINGS)
    on_sqlite = op.get_context().dialect.name == "sqlite"
    half_years = HALF_YEARS
    if on_sqlite:
        for part, sign in (("YEAR", "%Y"), ("MONTH", "%m")):
            half_years = half_years.replace(
                f"EXTRACT({part} FROM held_on)", f"CAST(strftime('{sign}', held_on) AS INTEGER)"
            )
    op.execute(half_years)


def _tally(fact: int) -> None:
    connection = op.get_bind()

    def rows(statement: str) -> list[sa.Row]:
        return list(connection.execute(sa.text(statement), {"fact": fact}))

    held = sa.table("meeting_fact", sa.column("id"), sa.column("held_on", sa.Date), *(
        sa.column(name, sa.DateTime(timezone=True)) for name in ("starts_at", "ends_at")
    ))  # fmt: skip
    when = connection.execute(sa.select(held).where(held.c.id == fact)).one()
    tally: Counter[str] = Counter(dict.fromkeys(NUMBERS[3:], 0))
    for person in rows("SELECT * FROM person_fact WHERE meeting_fact_id = :fact"):
        came, grown_up = person.outcome == "came", person.age_band == "19_up"
        tally["named_adults" if grown_up else "named"] += came
        tally["booked"] += person.booked_at_deadline
        tally["no_shows"] += bool(person.booked_at_deadline and person.outcome == "did_not_come")
        tally["late_cancellations"] += bool(person.booked_at_deadline and person.outcome == "cancelled_late")
        tally["queued"] += person.was_queued
        tally["permitted"] += person.was_booked
        tally["permitted_and_came"] += bool(person.was_booked and came)
    for band, persons in rows("SELECT band, persons FROM headcount_fact WHERE meeting_fact_id = :fact"):
        tally["companions" if band == "adults" else "anonymous"] += persons
    sectors = sorted(
        {row[0] for row in rows("SELECT sector FROM partner_fact WHERE meeting_fact_id = :fact")}
    )
    values = {
        **tally,
        "day": when.held_on.toordinal(),
        "seconds": int((when.ends_at - when.starts_at).total_seconds()),
        "iso_week": _week_of(when.held_on),
        "partner_sectors": "".join(f"|{sector}" for sector in sectors) + "|" * bool(sectors),
    }
    told = ", ".join(f"{name} = :{name}" for name in values)
    connection.execute(
        sa.text(f"UPDATE meeting_fact SET {told}, asked = permitted WHERE id = :fact"),
        {**values, "fact": fact},
    )


def _week_of(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def _bare() -> None:
    with op.batch_alter_table("person_fact") as batch:
        batch.alter_column("visitor_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("was_offered", existing_type=sa.Boolean(), server_default=None)
        batch.drop_index(op.f("ix_person_fact_person_key"))
        batch.drop_constraint(op.f("uq_person_fact_meeting_fact_id_person_key"), type_="unique")
        batch.drop_column("person_key")
        batch.create_unique_constraint(
            op.f("uq_person_fact_meeting_fact_id_visitor_id"), ["meeting_fact_id", "visitor_id"]
        )
        batch.create_foreign_key(op.f("fk_person_fact_visitor_id_visitor"), "visitor", ["visitor_id"], ["id"])
    op.create_index(op.f("ix_person_fact_visitor_id"), "person_fact", ["visitor_id"])
    op.create_index(
        "ix_person_fact_counted",
        "person_fact",
        ["meeting_fact_id", "outcome", "age_band", "visitor_id", "grade_band", "municipality_code"],
    )
    with op.batch_alter_table("meeting_fact") as batch:
        for name in NUMBERS:
            batch.alter_column(name, existing_type=sa.Integer(), server_default=None)
        batch.alter_column("is_course", existing_type=sa.Boolean(), server_default=None)
        batch.alter_column("iso_week", existing_type=sa.String(8), server_default=None)
        batch.alter_column("partner_sectors", existing_type=sa.String(200), server_default=None)
    op.create_index(op.f("ix_meeting_fact_occasion_id"), "meeting_fact", ["occasion_id"])
