"""A release from far away: each call takes 50 ms to AWS and back, beside the script that many teams have."""
import statistics

from lib import build, world

LATENCY = 0.05
ROUNDS = 5
SHORT, LONG = (5, 5), (60, 90)


def release(number):
    """The migration says which version the database is at, as docs/frameworks.md advises: nothing is waited for behind that."""
    return [build.BINARY, "apply", "m.json", "--image-tag", f"v{number}", "--schema-version", f"{number:04}"]


def far(migration, rollout, releases):
    return world.sandbox(
        [f"v{number}" for number in range(releases + 1)],
        f"sleep {migration}; echo RECONCILE_SCHEMA=$RECONCILE_SCHEMA_VERSION",
        healthy=rollout * 1000, latency=int(LATENCY * 1000))


def measure(out):
    build.peers()
    short(out)
    long(out)


def short(out):
    work = sum(SHORT)
    with far(*SHORT, releases=2 * ROUNDS + 2) as (folder, environment), world.counting(environment) as (counted, made):
        numbers = iter(range(1, 2 * ROUNDS + 3))
        first = world.timed(release(next(numbers)), folder, counted)
        times, calls = [], []
        for _ in range(ROUNDS):
            made.clear()
            times.append(world.timed(release(next(numbers)), folder, counted))
            calls.append(list(made))
        peer = build.HERE / "peers" / "aws-release"
        peers = [world.timed([peer, f"{world.REPOSITORY}:v{next(numbers)}"], folder, counted) for _ in range(ROUNDS)]
        made.clear()
        world.timed(release(next(numbers)), folder, counted)
        other = before(made, "RunTask")
        quiet = world.timed(release(2 * ROUNDS + 2), folder, counted)
    out.row("5 s + 5 s, the first release: beyond the work", first - work, "s")
    out.row("5 s + 5 s, the next ones: beyond the work", statistics.median(times) - work, "s", at_most=0.75)
    out.row("AWS CLI: beyond the work", statistics.median(peers) - work, "s")
    out.row("round trips before RunTask", max(before(made, "RunTask") for made in calls), "", at_most=5)
    out.row("the same, after another user's revision", other)
    out.row("round trips after the task's end before UpdateService", max(after_end(made) for made in calls), "", at_most=3)
    out.row("calls", statistics.median(len(made) for made in calls), "calls")
    out.row("in sync", quiet, "s")


def start_of(calls, name):
    return next(start for call, start, _ in calls if call == name)


def before(calls, name):
    return world.rounds(calls, start_of(calls, name))


def after_end(calls):
    """The last look at the task is the one that shows its end."""
    end = max(stop for call, _, stop in calls if call == "DescribeTasks")
    return world.rounds([call for call in calls if call[1] >= end], start_of(calls, "UpdateService"))


def long(out):
    with far(*LONG, releases=2) as (folder, environment), world.counting(environment) as (counted, made):
        world.timed(release(1), folder, counted)
        first = len(made)
        made.clear()
        took = world.timed(release(2), folder, counted)
    out.row("60 s + 90 s, the first release", first, "calls")
    out.row("60 s + 90 s, the next one", len(made), "calls", at_most=150)
    out.row("60 s + 90 s, the next one: beyond the work", took - sum(LONG), "s")
