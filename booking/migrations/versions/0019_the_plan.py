"""The plan of the project."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_plan_item_{name}"))


def upgrade() -> None:
    """Make the table of its items."""
    op.create_table(
        "plan_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("kind", _choice("itemkind", "phase", "milestone", "follow_up"), nullable=False),
        sa.Column("state", _choice("itemstate", "planned", "called_off"), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("title_nn", sa.String(length=100), nullable=False),
        sa.Column("title_en", sa.String(length=100), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("tolerance_months", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("meeting_uid", sa.String(length=36), nullable=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_sequence", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_as", sa.String(length=60), nullable=False),
        _check("number_positive", "number > 0"),
        _check("title_not_empty", "length(title) > 0"),
        _check("days_in_order", "first_on <= last_on"),
        _check("tolerance_in_reason", "tolerance_months BETWEEN 0 AND 12"),
        _check("begun_first", "began_on IS NULL OR done_on IS NULL OR began_on <= done_on"),
        _check("both_hours_or_none", "(starts_at IS NULL) = (ends_at IS NULL)"),
        _check("ends_after_start", "starts_at IS NULL OR starts_at < ends_at"),
        _check("hours_of_meetings_only", "starts_at IS NULL OR kind = 'follow_up'"),
        _check("meetings_only", "meeting_uid IS NULL OR kind = 'follow_up'"),
        _check("follows_another", "after_id IS NULL OR after_id <> id"),
        _check("shown_sequence_not_negative", "shown_sequence >= 0"),
        sa.ForeignKeyConstraint(["after_id"], ["plan_item.id"], name=op.f("fk_plan_item_after_id_plan_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_item")),
        sa.UniqueConstraint("meeting_uid", name=op.f("uq_plan_item_meeting_uid")),
        sa.UniqueConstraint("number", name=op.f("uq_plan_item_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_plan_item_uid")),
    )
    with op.batch_alter_table("plan_item") as batch:
        batch.create_index(batch.f("ix_plan_item_after_id"), ["after_id"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("plan_item")
