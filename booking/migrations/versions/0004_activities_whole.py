"""What an activity was still lacking: another place, how one gets in, and whom the statistics count it for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PURPOSES = (
    "confirm_email",
    "guardian_answer",
    "signup",
    "offer",
    "family_page",
    "family_feed",
    "staff_feed",
    "invitation",
    "first_admin",
    "password_reset",
    "preview",
)

# Adults from 18, youth from 13, as the rules have it; a grade's children turn five more than its number.
TARGET_BY_AGE = """
    UPDATE activity SET statistics_target = CASE
        WHEN age_from IS NULL AND grade_from IS NULL THEN 'all'
        WHEN COALESCE(grade_from + 5, age_from) >= 18 THEN 'adults'
        WHEN COALESCE(grade_from + 5, age_from) >= 13 THEN 'youth'
        ELSE 'children'
    END
"""


def upgrade() -> None:
    """Add the columns and fill them from what is known; a form now carries what it showed, not a number."""
    with op.batch_alter_table("activity") as activity:
        activity.add_column(sa.Column("place_name", sa.String(length=160), nullable=True))
        activity.add_column(
            sa.Column("statistics_target", sa.String(length=40), nullable=False, server_default="children")
        )
        activity.create_check_constraint(
            op.f("ck_activity_target"), "statistics_target IN ('children', 'youth', 'adults', 'all')"
        )
        activity.drop_column("version")
    op.execute(TARGET_BY_AGE)
    with op.batch_alter_table("activity") as activity:
        activity.alter_column("statistics_target", server_default=None)
    with op.batch_alter_table("activity_text") as text:
        text.add_column(sa.Column("access_note", sa.String(length=500), nullable=False, server_default=""))
    with op.batch_alter_table("activity_text") as text:
        text.alter_column("access_note", server_default=None)
    _let_links_be_for((*PURPOSES, "invited"))
    with op.batch_alter_table("occasion") as occasion:
        occasion.create_check_constraint(
            op.f("ck_occasion_cancel_deadline_in_reason"), "cancel_deadline_minutes BETWEEN 0 AND 43200"
        )


def _let_links_be_for(purposes: tuple[str, ...]) -> None:
    told = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("link") as link:
        link.drop_constraint(op.f("ck_link_purpose"), type_="check")
        link.create_check_constraint(op.f("ck_link_purpose"), f"purpose IN ({told})")


def downgrade() -> None:
    """Take them away again, and the links that only this shape knows."""
    op.execute("DELETE FROM link WHERE purpose = 'invited'")
    _let_links_be_for(PURPOSES)
    with op.batch_alter_table("occasion") as occasion:
        occasion.drop_constraint(op.f("ck_occasion_cancel_deadline_in_reason"), type_="check")
    with op.batch_alter_table("activity_text") as text:
        text.drop_column("access_note")
    with op.batch_alter_table("activity") as activity:
        activity.drop_constraint(op.f("ck_activity_target"), type_="check")
        activity.drop_column("statistics_target")
        activity.drop_column("place_name")
        activity.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
