"""When the schools have a break, by municipality."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = ("autumn", "christmas", "winter", "easter", "summer", "planning_day", "other")


def upgrade() -> None:
    """Make the table of breaks."""
    op.create_table(
        "school_break",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="breakkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_school_break_ends_after_start")),
        sa.CheckConstraint(
            "length(municipality_code) = 4", name=op.f("ck_school_break_municipality_code_has_four_digits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_break")),
        sa.UniqueConstraint(
            "municipality_code",
            "kind",
            "first_on",
            name=op.f("uq_school_break_municipality_code_kind_first_on"),
        ),
    )
    op.create_index(
        "ix_school_break_municipality_code_last_on", "school_break", ["municipality_code", "last_on"]
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("school_break")
