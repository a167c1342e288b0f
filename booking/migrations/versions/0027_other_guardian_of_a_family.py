"""An other guardian is kept once for a family, whichever of its children are asked about."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ONCE = {"sqlite_autoincrement": True}
STANDING = (
    "consent_id",
    "rests_on",
    "first_said_at",
    "declared_at",
    "other_capacity",
    "other_wording_id",
    "other_said_at",
)


def upgrade() -> None:
    """Let rows of siblings with one address become one, and point at the family."""
    _thaw()
    op.add_column("other_guardian", sa.Column("family_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE other_guardian SET family_id = "
        "(SELECT family_id FROM participant WHERE participant.id = other_guardian.participant_id)"
    )
    _join("family_id")
    with op.batch_alter_table("other_guardian", table_kwargs=ONCE) as table:
        table.drop_constraint("uq_other_guardian_participant_id_email", type_="unique")
        table.drop_constraint("fk_other_guardian_participant_id_participant", type_="foreignkey")
        table.drop_column("participant_id")
        table.alter_column("family_id", existing_type=sa.Integer(), nullable=False)
        table.create_foreign_key(
            "fk_other_guardian_family_id_family", "family", ["family_id"], ["id"], ondelete="CASCADE"
        )
        table.create_unique_constraint("uq_other_guardian_family_id_email", ["family_id", "email"])
    _freeze()


def downgrade() -> None:
    """Point at the first child that the guardian is asked about, or else at the family's first."""
    _thaw()
    op.add_column("other_guardian", sa.Column("participant_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE other_guardian SET participant_id = coalesce("
        "(SELECT min(half_yes.participant_id) FROM half_yes "
        "WHERE half_yes.other_guardian_id = other_guardian.id), "
        "(SELECT min(consent.participant_id) FROM consent JOIN accord ON accord.consent_id = consent.id "
        "WHERE accord.other_guardian_id = other_guardian.id), "
        "(SELECT min(participant.id) FROM participant WHERE participant.family_id = other_guardian.family_id))"
    )
    op.execute("DELETE FROM other_guardian WHERE participant_id IS NULL")
    with op.batch_alter_table("other_guardian", table_kwargs=ONCE) as table:
        table.drop_constraint("uq_other_guardian_family_id_email", type_="unique")
        table.drop_constraint("fk_other_guardian_family_id_family", type_="foreignkey")
        table.drop_column("family_id")
        table.alter_column("participant_id", existing_type=sa.Integer(), nullable=False)
        table.create_foreign_key(
            "fk_other_guardian_participant_id_participant",
            "participant",
            ["participant_id"],
            ["id"],
            ondelete="CASCADE",
        )
        table.create_unique_constraint("uq_other_guardian_participant_id_email", ["participant_id", "email"])
    _freeze()


def _join(owner: str) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT id, {owner}, email FROM other_guardian ORDER BY id")).all()
    first: dict[tuple[int, str], int] = {}
    for number, owned_by, email in rows:
        kept = first.setdefault((owned_by, email), number)
        if kept != number:
            _become(connection, number, kept)


def _become(connection: sa.Connection, number: int, kept: int) -> None:
    told = {
        "number": number,
        "kept": kept,
        "was": f"other_guardian:{number}",
        "now": f"other_guardian:{kept}",
    }
    for statement in (
        "UPDATE half_yes SET other_guardian_id = :kept WHERE other_guardian_id = :number",
        "UPDATE accord SET other_guardian_id = :kept WHERE other_guardian_id = :number",
        "UPDATE link SET subject_id = :kept WHERE purpose = 'other_guardian' AND subject_id = :number",
        "UPDATE letter SET about = :now WHERE about = :was",
        "DELETE FROM other_guardian WHERE id = :number",
    ):
        connection.execute(sa.text(statement), told)


def _thaw() -> None:
    target = "" if op.get_context().dialect.name == "sqlite" else " ON accord"
    op.execute(f"DROP TRIGGER accord_no_update{target}")


def _freeze() -> None:
    on_sqlite = op.get_context().dialect.name == "sqlite"
    same = "IS" if on_sqlite else "IS NOT DISTINCT FROM"
    stands = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in STANDING)
    forgets = f"NOT (NEW.other_guardian_id IS NULL AND {stands})"
    op.execute(
        f"CREATE TRIGGER accord_no_update BEFORE UPDATE ON accord FOR EACH ROW WHEN ({forgets}) "
        + (
            "BEGIN SELECT RAISE(ABORT, 'accord is a record that nobody rewrites'); END"
            if on_sqlite
            else "EXECUTE FUNCTION refuse_to_rewrite()"
        )
    )
