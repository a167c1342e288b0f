"""When somebody who had asked for a place was erased: staff's calendars then show another number."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the time, which nobody has yet."""
    with op.batch_alter_table("occasion") as table:
        table.add_column(sa.Column("erased_from_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("occasion") as table:
        table.drop_column("erased_from_at")
