"""Which revision of the catalogue the database holds, so that a kept page knows when it is no longer right."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and its one row."""
    catalogue = op.create_table(
        "catalogue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.String(length=36), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalogue_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue")),
    )
    op.bulk_insert(catalogue, [{"id": 1, "revision": "first"}])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("catalogue")
