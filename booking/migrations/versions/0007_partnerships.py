"""Which organisations have a part in an activity."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ROLES = ("co_organiser", "contributor", "recruitment")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "partnership",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(*ROLES, name="partnerrole", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_partnership_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_partnership_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("activity_id", "partner_id", name=op.f("pk_partnership")),
    )
    op.create_index(op.f("ix_partnership_partner_id"), "partnership", ["partner_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("partnership")
