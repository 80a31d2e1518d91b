"""add seen_at"""
import sqlalchemy as sa
from alembic import op

revision = "d27e9a53b1f4"
down_revision = "8f4b1c6a2d90"


def upgrade():
    op.add_column("visits", sa.Column("seen_at", sa.DateTime(timezone=True)))


def downgrade():
    op.drop_column("visits", "seen_at")
