# How migrate reaches the database, from the variables of libpq. Sourced.
# Whatever may be in a password: every byte of it is written as %XX.
encoded=$(printf %s "${PGPASSWORD:-}" | od -An -v -tx1 | tr -d '\n' | tr ' ' %)
url="postgres://$PGUSER:$encoded@$PGHOST:${PGPORT:-5432}/$PGDATABASE?sslmode=${PGSSLMODE:-require}"
[ -z "${PGSSLROOTCERT:-}" ] || url="$url&sslrootcert=$PGSSLROOTCERT"
