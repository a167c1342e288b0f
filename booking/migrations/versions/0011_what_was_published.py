"""What was published of the figures, and what it was counted from; nobody rewrites it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = (
    "attendances_by_month",
    "attendances_by_band",
    "attendances_by_kind",
    "unique_by_band",
    "returning",
    "booked_places",
    "residents",
)
STATES = ("number", "hidden", "missing")
FROZEN = ("publication", "published_cell", "counted_part")


def _choice(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Make the tables, and let no row of them change or go."""
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("through_on", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("least_count", sa.Integer(), nullable=False),
        sa.Column("rule_version", sa.String(40), nullable=False),
        sa.CheckConstraint(
            "first_on <= through_on AND through_on <= last_on", name=op.f("ck_publication_days_in_order")
        ),
        sa.CheckConstraint("least_count >= 3", name=op.f("ck_publication_least_count_not_below_three")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("first_on", "through_on", name=op.f("uq_publication_first_on_through_on")),
    )
    op.create_table(
        "published_cell",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("table_code", _choice(TABLES, "table"), nullable=False),
        sa.Column("row_code", sa.String(40), nullable=False),
        sa.Column("column_code", sa.String(40), nullable=False),
        sa.Column("state", _choice(STATES, "cellstate"), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'number') = (value IS NOT NULL)", name=op.f("ck_published_cell_number_or_none")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_published_cell_publication_id_publication"),
        ),
        sa.PrimaryKeyConstraint(
            "publication_id", "table_code", "row_code", "column_code", name=op.f("pk_published_cell")
        ),
    )
    op.create_table(
        "counted_part",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("row_code", sa.String(40), nullable=False),
        sa.Column("column_code", sa.String(40), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.CheckConstraint("persons > 0", name=op.f("ck_counted_part_some_persons")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_counted_part_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint(
            "publication_id", "measure", "row_code", "column_code", name=op.f("pk_counted_part")
        ),
    )
    on_sqlite = op.get_context().dialect.name == "sqlite"
    for table in FROZEN:
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                + (
                    f"BEGIN SELECT RAISE(ABORT, '{table} is a record that nobody rewrites'); END"
                    if on_sqlite
                    else "FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite()"
                )
            )


def downgrade() -> None:
    """Drop them."""
    for table in reversed(FROZEN):
        op.drop_table(table)
