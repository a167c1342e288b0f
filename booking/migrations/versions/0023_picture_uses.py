"""Where pictures were used."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PURPOSES = (
    "permission",
    "permission_self",
    "photo_internal",
    "photo_web",
    "photo_social",
    "photo_print",
    "photo_press",
    "needs",
    "news",
)


def upgrade() -> None:
    """Make the table."""
    purpose = sa.Enum(*PURPOSES, name="wordingpurpose", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "picture_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("purpose", purpose, nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_picture_use_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["library_id"], ["library.id"], name=op.f("fk_picture_use_library_id_library")
        ),
        sa.ForeignKeyConstraint(
            ["occasion_id"],
            ["occasion.id"],
            name=op.f("fk_picture_use_occasion_id_occasion"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture_use")),
    )
    op.create_index(op.f("ix_picture_use_library_id"), "picture_use", ["library_id"])
    op.create_index(op.f("ix_picture_use_occasion_id"), "picture_use", ["occasion_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("picture_use")
