"""Calendars of one's own: what a family's shows, whom a link to one is for, and when it was last fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PROGRAMS = ("google", "apple", "outlook", "thunderbird", "nextcloud", "android", "linux", "browser", "other")
LINKS = (
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
    "invited",
    "new_address",
    "sign_up_code",
)
TITLES = ("activity", "library")
# Made anew on SQLite, the table must go on giving each number once only.
ONCE = {"sqlite_autoincrement": True}
NAMES = ("none", "initial", "first_name")


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Add what a calendar shows and who fetched it."""
    with op.batch_alter_table("link") as link:
        link.add_column(sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True))
        link.add_column(sa.Column("fetched_by", _choice("program", PROGRAMS), nullable=True))
        link.drop_constraint(op.f("ck_link_purpose"), type_="check")
        told = ", ".join(f"'{purpose}'" for purpose in (*LINKS, "partner_feed"))
        link.create_check_constraint(op.f("ck_link_purpose"), f"purpose IN ({told})")
    with op.batch_alter_table("family", table_kwargs=ONCE) as family:
        family.add_column(
            sa.Column(
                "calendar_title",
                _choice("calendartitle", TITLES),
                nullable=False,
                server_default="activity",
            )
        )
        family.add_column(
            sa.Column(
                "calendar_names", _choice("calendarnames", NAMES), nullable=False, server_default="none"
            )
        )
        family.add_column(sa.Column("calendar_changed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("family", table_kwargs=ONCE) as family:
        for name in ("calendar_title", "calendar_names"):
            family.alter_column(name, server_default=None)


def downgrade() -> None:
    """Forget them again; who had an address for partners makes a new one."""
    with op.batch_alter_table("family", table_kwargs=ONCE) as family:
        family.drop_constraint(op.f("ck_family_calendartitle"), type_="check")
        family.drop_constraint(op.f("ck_family_calendarnames"), type_="check")
        for name in ("calendar_title", "calendar_names", "calendar_changed_at"):
            family.drop_column(name)
    op.execute("DELETE FROM link WHERE purpose = 'partner_feed'")
    told = ", ".join(f"'{purpose}'" for purpose in LINKS)
    with op.batch_alter_table("link") as link:
        link.drop_constraint(op.f("ck_link_purpose"), type_="check")
        link.create_check_constraint(op.f("ck_link_purpose"), f"purpose IN ({told})")
        link.drop_constraint(op.f("ck_link_program"), type_="check")
        link.drop_column("fetched_by")
        link.drop_column("fetched_at")
