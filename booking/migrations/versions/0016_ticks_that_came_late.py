"""Ticks and counts that a phone told after the register was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = ("mark", "headcount_mark")


def upgrade() -> None:
    """Let a tick say which closing it came too late for."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("late_for_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_late_for_id_closing"),
                "closing",
                ["late_for_id"],
                ["id"],
                ondelete="CASCADE",
            )
            batch.create_index(op.f(f"ix_{table}_late_for_id"), ["late_for_id"])


def downgrade() -> None:
    """Drop it; what came late counts as what came in time."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_index(op.f(f"ix_{table}_late_for_id"))
            batch.drop_constraint(op.f(f"fk_{table}_late_for_id_closing"), type_="foreignkey")
            batch.drop_column("late_for_id")
