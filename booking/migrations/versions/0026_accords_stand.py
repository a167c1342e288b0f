"""What a consent rests on is rewritten by nobody; of it only who the other guardian was may go."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

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
    """Refuse any other change."""
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


def downgrade() -> None:
    """Refuse nothing."""
    target = "" if op.get_context().dialect.name == "sqlite" else " ON accord"
    op.execute(f"DROP TRIGGER accord_no_update{target}")
