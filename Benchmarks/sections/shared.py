"""A ledger in S3 beside one in a file: requests of a release, and what a fresh machine reads."""
import statistics
import subprocess
import sys
import time

from lib import bucket, build, make_ledger, world

ROUNDS = 5
# What a small request to S3 from the same region takes, about.
DELAY = 0.03
ENTRIES = 100_000
URL = "s3://books/bench"


def timed(words, folder, environment):
    start = time.monotonic()
    done = subprocess.run([build.BINARY, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        sys.exit(f"{words} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return time.monotonic() - start


def measure(out):
    releases(out)
    fresh(out)


def releases(out):
    tags = [f"v{number}" for number in range(2 * ROUNDS + 3)]
    new = iter(tags[1:])
    with world.sandbox(tags) as (folder, environment), bucket.serving(DELAY) as (books, endpoint):
        environment = {**environment, "AWS_ENDPOINT_URL_S3": endpoint, "XDG_CACHE_HOME": str(folder / "cache")}
        places = {"file": ["--ledger", "ledger.sqlite"], "S3": ["--ledger", URL]}
        for place in places.values():
            timed(["apply", "m.json", "--image-tag", next(new), *place], folder, environment)
        times, entries, leases, gets = {name: [] for name in places}, [], [], []
        for _ in range(ROUNDS):
            for name, place in places.items():
                books.requests.clear()
                tag = next(new)
                times[name].append(timed(["apply", "m.json", "--image-tag", tag, *place], folder, environment))
            entries.append(books.count("PUT", "/entries/"))
            leases.append(books.count("PUT", "/leases/"))
            gets.append(books.count("GET"))
        books.requests.clear()
        timed(["apply", "m.json", "--image-tag", tag, *places["S3"]], folder, environment)
        quiet = len(books.requests)
    more = statistics.median(s3 - file for s3, file in zip(times["S3"], times["file"]))
    out.row("a release: writes of entries", max(entries), "requests", at_most=7)
    out.row("a release: writes of leases", max(leases), "requests")
    out.row("a release: readings", max(gets), "requests")
    out.row(f"a release: more than with a file, at {DELAY * 1000:.0f} ms a request", more, "s")
    out.row("in sync, with a current copy", quiet, "requests", at_most=2)


def fresh(out):
    with world.sandbox(["v0"]) as (folder, environment), bucket.serving() as (books, endpoint):
        environment = {**environment, "AWS_ENDPOINT_URL_S3": endpoint, "XDG_CACHE_HOME": str(folder / "cache")}
        make_ledger.make(folder / "long.sqlite", ENTRIES, environments=10)
        timed(["ledger", "verify", "--ledger", "long.sqlite"], folder, environment)
        took = timed(["ledger", "copy", "long.sqlite", URL], folder, environment)
        out.row(f"copy of {ENTRIES:,} entries", ENTRIES / took, "entries/s")
        # A run makes a checkpoint; then another machine comes.
        timed(["apply", "m.json", "--ledger", URL], folder, environment)
        environment["XDG_CACHE_HOME"] = str(folder / "other")
        for name, most in (("fresh machine", 5), ("the same machine again", 2)):
            books.requests.clear()
            took = timed(["plan", "m.json", "--ledger", URL], folder, environment)
            out.row(f"{ENTRIES:,} entries, {name}: requests", len(books.requests), "requests", at_most=most)
            out.row(f"{ENTRIES:,} entries, {name}: plan", took, "s", at_most=1)
