"""The organisations that libraries work with."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SECTORS = (
    "voluntary",
    "school",
    "health",
    "public_health",
    "culture",
    "municipality",
    "business",
    "other",
)


def upgrade() -> None:
    """Make the table of partners."""
    op.create_table(
        "partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_key", sa.String(length=300), nullable=False),
        sa.Column(
            "sector",
            sa.Enum(*SECTORS, name="sector", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("municipality_code", sa.String(length=4), nullable=True),
        sa.Column("organisation_number", sa.String(length=9), nullable=True),
        sa.Column("website", sa.String(length=200), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_partner_name_not_empty")),
        sa.CheckConstraint(
            "length(municipality_code) = 4", name=op.f("ck_partner_municipality_code_has_four_digits")
        ),
        sa.CheckConstraint(
            "length(organisation_number) = 9", name=op.f("ck_partner_organisation_number_has_nine_digits")
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_partner_version_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("name_key", name=op.f("uq_partner_name_key")),
        sa.UniqueConstraint("organisation_number", name=op.f("uq_partner_organisation_number")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("partner")
