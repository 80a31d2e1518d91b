import os

# What db-version speaks of: the project's own apps, not those that a package brings.
LOCAL_APPS = ["visits"]
INSTALLED_APPS = ["django.contrib.contenttypes", *LOCAL_APPS]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
# What is left out here, libpq takes from PGHOST, PGPORT, PGUSER and PGPASSWORD.
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ.get("PGDATABASE", "")}}
