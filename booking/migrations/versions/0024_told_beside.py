"""What the region's page told beside figures that were let out; nobody rewrites it."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLE = "told_beside"


def upgrade() -> None:
    """Make the table, and let no row of it change or go."""
    op.create_table(
        TABLE,
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_told_beside_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("publication_id", name=op.f("pk_told_beside")),
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
