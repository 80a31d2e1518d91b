"""The ledger from a thousand to a million entries: opening it, appending to it, verifying all of it."""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

from lib import build, make_ledger, table

SIZES = [1_000, 10_000, 100_000, 1_000_000]
ROUNDS = 7


def bench(verb, path, rounds):
    done = subprocess.run([build.BENCH, verb, path, str(rounds)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def verify(path):
    start = time.monotonic()
    subprocess.run([build.BINARY, "ledger", "verify", "--ledger", path], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def measure(out):
    # On the disk of the repository: /tmp may be memory, where a commit costs nothing.
    folder = pathlib.Path(tempfile.mkdtemp(dir=build.HERE / ".build"))
    try:
        paths = {}
        for size in SIZES:
            paths[size] = folder / f"{size}.sqlite"
            make_ledger.make(paths[size], size, environments=max(1, size // 10_000))
            os.sync()
            first = bench("open", paths[size], 1)["open"][0]
            out.row(f"{size:,} entries: bytes per entry", paths[size].stat().st_size / size, "bytes")
            out.row(f"{size:,} entries: first opening, which seals", first / 1e3, "ms")
        openings(out, paths)
        appends(out, paths)
        verifications(out, paths)
    finally:
        shutil.rmtree(folder)


def openings(out, paths):
    """Each round takes all sizes in turn, so that a pair is of one moment."""
    times = {size: [] for size in SIZES}
    for _ in range(ROUNDS):
        for size in SIZES:
            # Of several openings of a process the last: the first one pays for starting the process, too.
            got = bench("open", paths[size], 5)
            times[size].append(statistics.median(o + r for o, r in zip(got["open"], got["read"])))
    for size in SIZES:
        out.row(f"{size:,} entries: open and read as plan does", statistics.median(times[size]) / 1e3, "ms")
    out.row("open and read: 1,000,000 to 1,000 entries", table.ratio(times[SIZES[-1]], times[SIZES[0]]), "times", at_most=1.5)


def appends(out, paths):
    for size in SIZES:
        got = bench("append", paths[size], 1_500)
        out.row(f"{size:,} entries: append", statistics.median(got["ledger"]), "us")
        out.row(f"{size:,} entries: append to a bare SQLite commit", statistics.median(got["ledger"]) / statistics.median(got["bare"]),
                "times", at_most=1.3)


def verifications(out, paths):
    size = SIZES[-1]
    out.row(f"{size:,} entries: ledger verify", size / min(verify(paths[size]) for _ in range(3)), "entries/s", at_least=200_000)
