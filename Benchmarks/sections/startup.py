"""How long a program takes to begin, and an apply that finds everything in place."""
import re
import shutil
import statistics
import subprocess
import tempfile
import time

from lib import build, table, world

ROUNDS = 15


def milliseconds(command, folder, environment):
    start = time.monotonic()
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.monotonic() - start) * 1e3


def instructions(command, folder, environment):
    """In millions, by callgrind: the same from run to run, whatever else the machine does."""
    with tempfile.NamedTemporaryFile() as file:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={file.name}", *command], cwd=folder, env=environment,
            capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{command} ended with {done.returncode}\n{done.stderr}")
        found = re.search(r"Collected : (\d+)", done.stderr)
        return int(found[1]) / 1e6 if found else float("nan")


def measure(out):
    peers = build.peers()
    with world.sandbox(["v0"]) as (folder, environment):
        apply = [build.BINARY, "apply", "m.json"]
        subprocess.run(apply, cwd=folder, env=environment, check=True, capture_output=True)
        commands = {
            "reconcile --version": [build.BINARY, "--version"], "reconcile apply, converged": apply,
            "aws --version": [peers / "aws", "--version"], "ecs --help": [peers / "ecs", "--help"]}
        times = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                times[name].append(milliseconds(command, folder, environment))
        for name in commands:
            out.row(name, statistics.median(times[name]), "ms")
        for name in list(commands)[2:]:
            for ours in list(commands)[:2]:
                out.row(f"{ours} to {name}", table.ratio(times[ours], times[name]), "times")
        if not shutil.which("valgrind"):
            return out.note("instructions: valgrind is not installed")
        for name, command in commands.items():
            # The peers' programs are scripts, and valgrind runs binaries.
            if "reconcile" not in name:
                command = [peers / "python3", *command]
            out.row(f"{name}: instructions", instructions(command, folder, environment), "million")
