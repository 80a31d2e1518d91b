"""create visits"""
import sqlalchemy as sa
from alembic import op

revision = "8f4b1c6a2d90"
down_revision = None


def upgrade():
    op.create_table("visits", sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True))


def downgrade():
    op.drop_table("visits")
