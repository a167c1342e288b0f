"""Half a yes to pictures that everybody can see, who else is asked, and what a whole yes rests on."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
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
    "renewal",
)
NEW_LINKS = ("other_guardian",)
LANGUAGES = ("nb", "nn", "en")
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
CAPACITIES = ("parent", "other_guardian", "self")
ESTABLISHED = ("self_declared", "at_the_desk", "by_phone", "on_paper")
WAYS = ("form", "link", "family_page", "desk", "phone", "paper", "by_itself")
ANSWERS = ("yes", "no", "unsure", "not_asked")
RESTS_ON = ("alone", "both")


def upgrade() -> None:
    """Make the tables, and let a link lead to what the other guardian is asked."""
    _make_other_guardians()
    _make_half_yeses()
    _make_accords()
    _let_links_be_for((*LINKS, *NEW_LINKS))


def downgrade() -> None:
    """Drop them, with what waits in them, and the links that lead there."""
    told = ", ".join(f"'{purpose}'" for purpose in NEW_LINKS)
    op.execute(f"DELETE FROM link WHERE purpose IN ({told})")
    _let_links_be_for(LINKS)
    op.drop_table("accord")
    op.drop_table("half_yes")
    op.drop_table("other_guardian")


def _make_other_guardians() -> None:
    op.create_table(
        "other_guardian",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", _choice("language", LANGUAGES), nullable=False),
        sa.Column("known_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_other_guardian_email_in_lower_case")),
        _to("other_guardian", "participant_id", "participant", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_guardian")),
        sa.UniqueConstraint("participant_id", "email", name=op.f("uq_other_guardian_participant_id_email")),
        sqlite_autoincrement=True,
    )


def _make_half_yeses() -> None:
    op.create_table(
        "half_yes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("purpose", _choice("wordingpurpose", PURPOSES), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=False),
        sa.Column("capacity", _choice("capacity", CAPACITIES), nullable=False),
        sa.Column("established", _choice("established", ESTABLISHED), nullable=False),
        sa.Column("way", _choice("way", WAYS), nullable=False),
        sa.Column("child_answer", _choice("childanswer", ANSWERS), nullable=False),
        sa.Column("age_rule_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("runs_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("other_guardian_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letters", sa.Integer(), nullable=False),
        _to("half_yes", "age_rule_id", "age_rule"),
        _to("half_yes", "library_id", "library"),
        _to("half_yes", "occasion_id", "occasion", "CASCADE"),
        _to("half_yes", "other_guardian_id", "other_guardian", "SET NULL"),
        _to("half_yes", "participant_id", "participant", "CASCADE"),
        _to("half_yes", "wording_id", "wording"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_half_yes")),
        sa.UniqueConstraint(
            "participant_id",
            "occasion_id",
            "purpose",
            name=op.f("uq_half_yes_participant_id_occasion_id_purpose"),
        ),
        sqlite_autoincrement=True,
    )
    for column in ("occasion_id", "wording_id", "runs_out_at", "other_guardian_id"):
        op.create_index(op.f(f"ix_half_yes_{column}"), "half_yes", [column])


def _make_accords() -> None:
    op.create_table(
        "accord",
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("rests_on", _choice("restson", RESTS_ON), nullable=False),
        sa.Column("first_said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("other_guardian_id", sa.Integer(), nullable=True),
        sa.Column("other_capacity", _choice("capacity", CAPACITIES), nullable=True),
        sa.Column("other_wording_id", sa.Integer(), nullable=True),
        sa.Column("other_said_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(rests_on = 'both') = (other_said_at IS NOT NULL AND other_wording_id IS NOT NULL "
            "AND other_capacity IS NOT NULL)",
            name=op.f("ck_accord_both_have_said_it"),
        ),
        _to("accord", "consent_id", "consent", "CASCADE"),
        _to("accord", "other_guardian_id", "other_guardian", "SET NULL"),
        _to("accord", "other_wording_id", "wording"),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_accord")),
    )
    for column in ("other_guardian_id", "other_wording_id"):
        op.create_index(op.f(f"ix_accord_{column}"), "accord", [column])


def _to(table: str, column: str, there: str, on_delete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{there}")
    return sa.ForeignKeyConstraint([column], [f"{there}.id"], name=name, ondelete=on_delete)


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _let_links_be_for(purposes: tuple[str, ...]) -> None:
    told = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("link") as link:
        link.drop_constraint(op.f("ck_link_purpose"), type_="check")
        link.create_check_constraint(op.f("ck_link_purpose"), f"purpose IN ({told})")
