"""Which programme the catalogue holds: it stays the same while children sign up, and kept forms stand on it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the first programme is the revision that there is."""
    with op.batch_alter_table("catalogue") as batch:
        batch.add_column(sa.Column("programme", sa.String(length=36), nullable=False, server_default="first"))
    op.execute("UPDATE catalogue SET programme = revision")
    with op.batch_alter_table("catalogue") as batch:
        batch.alter_column("programme", server_default=None)


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("catalogue") as batch:
        batch.drop_column("programme")
