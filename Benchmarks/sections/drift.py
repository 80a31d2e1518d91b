"""Drift over ten to ten thousand environments of a service each, against what a schedule would run instead."""
import os
import statistics
import subprocess
import sys
import time

from lib import build, table, world

SIZES = [10, 100, 1_000, 10_000]
# What AWS publishes for DescribeServices: so many calls at once, and so many a second after them.
BURST, RATE = 100, 20
# Of the largest three are enough: each takes as long as AWS's rate of calls makes it.
ROUNDS = {10: 5, 100: 5, 1_000: 5, 10_000: 3}
MEMORY = {1_000: 60, 10_000: 200}


class Run:
    """A program's run: seconds of the wall, milliseconds of the processor, its largest memory in MiB."""

    def __init__(self, command, folder, environment):
        start = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        trouble = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        self.wall = time.monotonic() - start
        if code := os.waitstatus_to_exitcode(status):
            sys.exit(f"{command} ended with {code}\n{trouble}")
        self.processor = (usage.ru_utime + usage.ru_stime) * 1e3
        self.memory = usage.ru_maxrss / 1024


def commands(size):
    ours = [build.BINARY, "drift", "manifests", "--ledger", "ledger.sqlite", "--quiet"]
    boto = [build.PEERS / "python3", build.HERE / "peers" / "boto3-services", "names"]
    loop = [build.HERE / "peers" / "aws-services", "names"]
    # Half a second for each service: a loop over a thousand of them would take eight minutes and tell nothing new.
    return {"reconcile": ours, "boto3": boto} | ({"AWS CLI": loop} if size == 10 else {})


def measure(out):
    build.peers()
    walls, processors = {}, {}
    for size in SIZES:
        with world.fleet(size) as (folder, environment):
            (folder / "names").write_text("\n".join(sorted(path.stem for path in (folder / "manifests").iterdir())) + "\n")
            # An apply that finds everything in place makes the ledger in which revisions are kept.
            apply = [build.BINARY, "apply", "manifests", "--ledger", "ledger.sqlite", "--quiet", "--parallel", "10"]
            first = Run(apply, folder, environment)
            runs = {name: [] for name in commands(size)}
            for _ in range(ROUNDS[size]):
                for name, command in commands(size).items():
                    runs[name].append(Run(command, folder, environment))
            with world.counting(environment) as (counted, made):
                Run(commands(size)["reconcile"], folder, counted)
            report(out, size, runs, first, len(made))
            processors[size] = statistics.median(run.processor for run in runs["reconcile"])
            walls[size] = statistics.median(run.wall for run in runs["reconcile"])
    large, small = SIZES[-1], SIZES[-2]
    # Beyond a thousand services the rate of calls is the limit, and a script without one would be throttled there.
    floor = (large / 10 - BURST) / RATE
    out.row(f"wall time of {large:,} to what the rate of calls allows", walls[large] / floor, "times", at_most=1.1)
    out.row(f"processor of {large:,} to {small:,}", processors[large] / processors[small], "times", at_most=1.2 * large / small)


def report(out, size, runs, first, calls):
    ours = runs["reconcile"]
    out.row(f"{size:,}: wall", statistics.median(run.wall for run in ours) * 1e3, "ms")
    out.row(f"{size:,}: wall of the first look, which describes definitions", first.wall * 1e3, "ms")
    processor = statistics.median(run.processor for run in ours)
    out.row(f"{size:,}: processor for each service", processor / size, "ms", at_most=0.2 if size >= 1_000 else None)
    out.row(f"{size:,}: memory", max(run.memory for run in ours), "MiB", at_most=MEMORY.get(size))
    out.row(f"{size:,}: calls", calls, "calls", at_most=size / 10 + 5)
    for name in list(runs)[1:]:
        theirs = runs[name]
        out.row(f"{size:,}: wall, to {name}", table.ratio([r.wall for r in ours], [r.wall for r in theirs]), "times")
        out.row(f"{size:,}: processor, to {name}",
                table.ratio([r.processor for r in ours], [r.processor for r in theirs]), "times")
