"""Who just came by name, the tablet for youths, and of which registers staff were reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LINKS = (
    "confirm_email",
    "guardian_answer",
    "signup",
    "offer",
    "family_page",
    "family_feed",
    "staff_feed",
    "invitation",
    "invited",
    "first_admin",
    "password_reset",
    "preview",
    "new_address",
    "sign_up_code",
    "partner_feed",
)
NEW_LINKS = ("walk_in", "kiosk")
LEAVES = ("awaited", "given", "refused")


def upgrade() -> None:
    """Make the tables; a family may have no address yet."""
    _make_walk_ins()
    _make_kiosks()
    op.create_table(
        "overdue_reminder",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_overdue_reminder_meeting_id_meeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_overdue_reminder")),
    )
    _let_links_be_for((*LINKS, *NEW_LINKS))
    with op.batch_alter_table("family", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("email", existing_type=sa.String(length=254), nullable=True)


def downgrade() -> None:
    """Drop them, with the families whose address nobody knows."""
    told = ", ".join(f"'{purpose}'" for purpose in NEW_LINKS)
    op.execute(f"DELETE FROM link WHERE purpose IN ({told})")
    op.drop_table("overdue_reminder")
    op.drop_table("kiosk")
    op.drop_table("walk_in")
    _forget_families_without_address()
    _let_links_be_for(LINKS)
    with op.batch_alter_table("family", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("email", existing_type=sa.String(length=254), nullable=False)


def _make_walk_ins() -> None:
    op.create_table(
        "walk_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("ask_key", sa.String(length=36), nullable=False),
        sa.Column(
            "leave",
            sa.Enum(*LEAVES, name="walkinleave", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("is_beyond", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        *(_points_at("walk_in", column, ends) for column, ends in _POINTERS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_in")),
        sa.UniqueConstraint("ask_key", name=op.f("uq_walk_in_ask_key")),
        sa.UniqueConstraint(
            "meeting_id", "participant_id", name=op.f("uq_walk_in_meeting_id_participant_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_walk_in_participant_id"), "walk_in", ["participant_id"])


def _make_kiosks() -> None:
    op.create_table(
        "kiosk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("started_at < ends_at", name=op.f("ck_kiosk_ends_after_start")),
        _points_at("kiosk", "meeting_id", "CASCADE"),
        _points_at("kiosk", "account_id", None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_kiosk_one_at_a_time",
        "kiosk",
        ["meeting_id"],
        unique=True,
        sqlite_where=sa.text("stopped_at IS NULL"),
        postgresql_where=sa.text("stopped_at IS NULL"),
    )


_POINTERS = {"meeting_id": "CASCADE", "participant_id": "CASCADE", "account_id": None}


def _points_at(table: str, column: str, ends: str | None) -> sa.ForeignKeyConstraint:
    other = column.removesuffix("_id")
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ends
    )


def _forget_families_without_address() -> None:
    # Foreign keys are off while SQLite migrates: what hangs on a family goes first.
    nobodys = "SELECT id FROM family WHERE email IS NULL"
    theirs = f"SELECT id FROM participant WHERE family_id IN ({nobodys})"
    for table in ("mark", "permission", "consent", "needs_note", "signup", "guardian"):
        op.execute(f"DELETE FROM {table} WHERE participant_id IN ({theirs})")
    op.execute(f"DELETE FROM participant WHERE family_id IN ({nobodys})")
    op.execute("DELETE FROM family WHERE email IS NULL")


def _let_links_be_for(purposes: tuple[str, ...]) -> None:
    told = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("link") as link:
        link.drop_constraint(op.f("ck_link_purpose"), type_="check")
        link.create_check_constraint(op.f("ck_link_purpose"), f"purpose IN ({told})")
