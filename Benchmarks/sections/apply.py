"""A release, migration and rollout of a second each, against what a user would take instead, in the same world."""
import statistics

from lib import build, world

ROUNDS = 5
PEERS = build.HERE / "peers"


def release(name, tag):
    image = f"{world.REPOSITORY}:{tag}"
    return {
        "reconcile": [build.BINARY, "apply", "m.json", "--image-tag", tag, "--output", "json"],
        "AWS CLI": [PEERS / "aws-release", image],
        "ecs-deploy": [PEERS / "ecs-release", image],
    }[name]


def measure(out):
    build.peers()
    names = ["reconcile", "AWS CLI", "ecs-deploy"]
    tags = [f"v{number}" for number in range(len(names) * (ROUNDS + 1) + 1)]
    fresh = iter(tags[1:])
    with world.sandbox(tags) as (folder, environment):
        times = {name: [] for name in names}
        # In turn, so that what else the machine does falls on all of them.
        for _ in range(ROUNDS):
            for name in names:
                times[name].append(world.timed(release(name, next(fresh)), folder, environment))
        calls = {}
        for name in names:
            with world.counting(environment) as (counted, made):
                world.timed(release(name, next(fresh)), folder, counted)
                calls[name] = len(made)
    report(out, names, times, calls)


def report(out, names, times, calls):
    # ecs-deploy does not wait for the migration: of its time only the rollout is work.
    work = {"reconcile": 2 * world.WORK, "AWS CLI": 2 * world.WORK, "ecs-deploy": world.WORK}
    overhead = {name: statistics.median(times[name]) - work[name] for name in names}
    for name in names:
        out.row(f"{name}: a release", statistics.median(times[name]), "s")
        out.row(f"{name}: beyond the work itself", overhead[name], "s", at_most=0.4 if name == "reconcile" else None)
        out.row(f"{name}: calls", calls[name], "calls")
    best = min(overhead[name] for name in names[1:])
    out.row("reconcile's overhead to the best peer's", overhead["reconcile"] / best, "times", at_most=0.1)
    out.row("reconcile's calls to the fewest of a peer's", calls["reconcile"] / min(calls[name] for name in names[1:]),
            "times", at_most=1)
