"""Facts remember whom a meeting was mainly for, as the national library statistics ask."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, filled from the activities that are still there; of the others nobody knows."""
    op.add_column(
        "meeting_fact", sa.Column("statistics_target", sa.String(40), nullable=False, server_default="all")
    )
    op.execute(
        "UPDATE meeting_fact SET statistics_target = "
        "(SELECT activity.statistics_target FROM activity WHERE activity.id = meeting_fact.activity_id) "
        "WHERE activity_id IN (SELECT id FROM activity)"
    )
    with op.batch_alter_table("meeting_fact") as batch:
        batch.alter_column("statistics_target", existing_type=sa.String(40), server_default=None)


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("meeting_fact") as batch:
        batch.drop_column("statistics_target")
