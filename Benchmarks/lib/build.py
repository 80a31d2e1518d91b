"""The programs that are measured, built or installed where they are not there yet."""
import pathlib
import subprocess
import venv

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent
BINARY = ROOT / ".build" / "reconcile"
BENCH = HERE / ".build" / "release" / "ledger-bench"
PEERS = HERE / ".venv" / "bin"


def release():
    """As a user gets it: static and stripped. What is up to date is not built again."""
    subprocess.run([ROOT / "scripts" / "build"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["swift", "build", "-c", "release", "--package-path", HERE], check=True, stdout=subprocess.DEVNULL)


def peers():
    """The tools that are compared with, in an environment of their own."""
    if not (PEERS / "ecs").exists():
        venv.create(PEERS.parent, with_pip=True)
        subprocess.run([PEERS / "pip", "install", "--quiet", "-r", HERE / "peers" / "requirements.txt"], check=True)
    return PEERS
