"""How many there could have been, as places are printed, is kept with what was published; nobody rewrites it."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLE = "room_known"


def upgrade() -> None:
    """Make the table, and let no row of it change or go."""
    op.create_table(
        TABLE,
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("row_code", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("bands", sa.String(80), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.CheckConstraint("persons >= 0", name=op.f("ck_room_known_not_negative")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_room_known_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("publication_id", "row_code", "kind", "bands", name=op.f("pk_room_known")),
    )
    on_sqlite = op.get_context().dialect.name == "sqlite"
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_{act} BEFORE {act.upper()} ON {TABLE} "
            + (
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is a record that nobody rewrites'); END"
                if on_sqlite
                else "FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite()"
            )
        )


def downgrade() -> None:
    """Drop it."""
    op.drop_table(TABLE)
