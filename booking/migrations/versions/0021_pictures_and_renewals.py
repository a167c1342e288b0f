"""Pictures that are to be taken down, and of which ends families were asked."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
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
    "walk_in",
    "kiosk",
)
NEW_LINKS = ("renewal",)
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
REASONS = ("withdrawn", "expired", "erased")


def upgrade() -> None:
    """Make the tables, and let a link lead to what is about to end."""
    op.create_table(
        "renewal_ask",
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_renewal_ask_consent_id_consent"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_renewal_ask")),
    )
    _make_tasks()
    _let_links_be_for((*LINKS, *NEW_LINKS))


def downgrade() -> None:
    """Drop them, and the links that lead there."""
    told = ", ".join(f"'{purpose}'" for purpose in NEW_LINKS)
    op.execute(f"DELETE FROM link WHERE purpose IN ({told})")
    _let_links_be_for(LINKS)
    op.drop_table("picture_task")
    op.drop_table("renewal_ask")


def _make_tasks() -> None:
    op.create_table(
        "picture_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("purpose", _choice("wordingpurpose", PURPOSES), nullable=False),
        sa.Column("reason", _choice("takendownfor", REASONS), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_picture_task_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["library_id"], ["library.id"], name=op.f("fk_picture_task_library_id_library")
        ),
        sa.ForeignKeyConstraint(
            ["occasion_id"],
            ["occasion.id"],
            name=op.f("fk_picture_task_occasion_id_occasion"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_picture_task_participant_id_participant"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture_task")),
    )
    op.create_index("ix_picture_task_library_done", "picture_task", ["library_id", "done_at"])
    op.create_index(op.f("ix_picture_task_occasion_id"), "picture_task", ["occasion_id"])
    op.create_index(op.f("ix_picture_task_participant_id"), "picture_task", ["participant_id"])


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _let_links_be_for(purposes: tuple[str, ...]) -> None:
    told = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("link") as link:
        link.drop_constraint(op.f("ck_link_purpose"), type_="check")
        link.create_check_constraint(op.f("ck_link_purpose"), f"purpose IN ({told})")
