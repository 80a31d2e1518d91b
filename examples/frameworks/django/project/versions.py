"""What this project calls a version: app.migration of each of its own apps, sorted and joined with +."""

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

Key = tuple[str, str]


def own(keys: set[Key]) -> set[Key]:
    return {key for key in keys if key[0] in settings.LOCAL_APPS}


def unknown(loader: MigrationLoader) -> set[Key]:
    """Migrations in the database that this image does not have, not even in a squashed one."""
    squashed = {key for squash in loader.replacements.values() for key in squash.replaces}
    return own(set(loader.applied_migrations)) - set(loader.graph.nodes) - squashed


def name(loader: MigrationLoader, migrations: set[Key]) -> str:
    """The last of these migrations in each app."""
    known = own(migrations) & set(loader.graph.nodes)
    last = {
        key
        for key in known
        if not any(child.key in known and child.key[0] == key[0] for child in loader.graph.node_map[key].children)
    }
    return "+".join(sorted(".".join(key) for key in last)) or "none"


def of_image(loader: MigrationLoader) -> str:
    return name(loader, set(loader.graph.nodes))


def of_database(loader: MigrationLoader) -> str:
    beyond = unknown(loader)
    if beyond:
        # What stands before a migration that is unknown here cannot be told: its name alone is the version.
        return "+".join(sorted(".".join(key) for key in beyond))
    return name(loader, set(loader.applied_migrations))
