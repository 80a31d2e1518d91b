# How Flyway reaches the database, from the variables of libpq. Sourced.
FLYWAY_URL="jdbc:postgresql://$PGHOST:${PGPORT:-5432}/$PGDATABASE?sslmode=${PGSSLMODE:-prefer}"
[ -z "${PGSSLROOTCERT:-}" ] || FLYWAY_URL="$FLYWAY_URL&sslrootcert=$PGSSLROOTCERT"
export FLYWAY_URL FLYWAY_USER="$PGUSER" FLYWAY_PASSWORD="${PGPASSWORD:-}" FLYWAY_LOCATIONS=filesystem:sql
