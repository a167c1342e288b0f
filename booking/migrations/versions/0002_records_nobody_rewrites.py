"""Records that nobody rewrites: the audit trail, and words that somebody agreed to."""

import hashlib
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FROZEN = ("audit_entry", "wording")

FIRST_WORDS = {
    "nb": "Jeg er forelder eller foresatt, og barnet har lov til å være med.",
    "nn": "Eg er forelder eller føresett, og barnet har løyve til å vere med.",
    "en": "I am a parent or guardian, and the child has permission to take part.",
}


def upgrade() -> None:
    """Publish the first wording of the permission, then let no row of these tables change or go."""
    _publish_first_words()
    freeze = _freeze_on_sqlite if op.get_context().dialect.name == "sqlite" else _freeze_on_postgresql
    for table in FROZEN:
        freeze(table)


def downgrade() -> None:
    """Take the triggers off again; the wording stays, as somebody may have agreed to it."""
    on_sqlite = op.get_context().dialect.name == "sqlite"
    for table in FROZEN:
        for act in ("update", "delete"):
            target = "" if on_sqlite else f" ON {table}"
            op.execute(f"DROP TRIGGER {table}_no_{act}{target}")
    if not on_sqlite:
        op.execute("DROP FUNCTION refuse_to_rewrite()")
    op.execute("DELETE FROM wording WHERE version = 1 AND id NOT IN (SELECT wording_id FROM permission)")


def _publish_first_words() -> None:
    wording = sa.table(
        "wording",
        sa.column("purpose", sa.String),
        sa.column("language", sa.String),
        sa.column("version", sa.Integer),
        sa.column("words", sa.Text),
        sa.column("digest", sa.String),
        sa.column("published_at", sa.DateTime(timezone=True)),
    )
    there = op.get_bind().scalar(sa.select(sa.func.count()).select_from(wording))
    if there:
        return
    published_at = datetime(2026, 11, 1, tzinfo=UTC)
    op.bulk_insert(
        wording,
        [
            {
                "purpose": "permission",
                "language": language,
                "version": 1,
                "words": words,
                "digest": hashlib.sha256(words.encode()).hexdigest(),
                "published_at": published_at,
            }
            for language, words in FIRST_WORDS.items()
        ],
    )


def _freeze_on_sqlite(table: str) -> None:
    # Altering such a table in batch mode makes it anew and loses the triggers: make them again there.
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is a record that nobody rewrites'); END"
        )


def _freeze_on_postgresql(table: str) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is a record that nobody rewrites', TG_TABLE_NAME; END $$"
    )
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite()"
        )
