"""By what calendars know a meeting, stored with it, and by what a database is known when it is put back."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, filled with what calendars were told until now."""
    with op.batch_alter_table("catalogue") as batch:
        batch.add_column(sa.Column("lineage", sa.String(36), nullable=False, server_default=""))
        batch.add_column(sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("meeting") as batch:
        batch.add_column(sa.Column("shown_sequence", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("shown_as", sa.String(60), nullable=False, server_default=""))
    op.execute(
        "UPDATE meeting SET shown_sequence = sequence, shown_at = ("
        "SELECT CASE WHEN meeting.changed_at >= activity.changed_at AND meeting.changed_at >= library.changed_at "
        "THEN meeting.changed_at WHEN activity.changed_at >= library.changed_at THEN activity.changed_at "
        "ELSE library.changed_at END FROM occasion JOIN activity ON activity.id = occasion.activity_id "
        "JOIN library ON library.id = activity.library_id WHERE occasion.id = meeting.occasion_id)"
    )
    with op.batch_alter_table("catalogue") as batch:
        batch.alter_column("lineage", existing_type=sa.String(36), server_default=None)
    with op.batch_alter_table("meeting") as batch:
        batch.alter_column("shown_sequence", existing_type=sa.Integer(), server_default=None)
        batch.alter_column("shown_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.alter_column("shown_as", existing_type=sa.String(60), server_default=None)
        batch.create_check_constraint(op.f("ck_meeting_shown_sequence_not_negative"), "shown_sequence >= 0")


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("meeting") as batch:
        batch.drop_constraint(op.f("ck_meeting_shown_sequence_not_negative"), type_="check")
        batch.drop_column("shown_as")
        batch.drop_column("shown_at")
        batch.drop_column("shown_sequence")
    with op.batch_alter_table("catalogue") as batch:
        batch.drop_column("raised_at")
        batch.drop_column("lineage")
