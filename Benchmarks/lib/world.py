"""One world for all who are measured: a sandbox of a cluster, a service and images whose migration takes a second."""
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import shutil
import threading
import time

from lib import build

WORK = 1.0
REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app"
# A task takes its second and nothing else: what the sandbox takes to start and end one is nobody's overhead.
LIMITS = {"healthy": int(WORK * 1000), "provisioning": 0, "pending": 0, "deprovisioning": 0}
FAMILIES = 100
DIGEST = "sha256:" + 64 * "0"


def image(folder, tag, migration):
    programs = folder / "images" / "app" / tag / "bin"
    programs.mkdir(parents=True)
    for name, script in {"serve": f"echo {tag}; exec sleep 1000", "db-migrate": migration}.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)


def definition(version=":v0"):
    log = {"awslogs-group": "g", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "p"}
    return {"family": "app", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
            "containerDefinitions": [{"name": "app", "image": REPOSITORY + version,
                                      "logConfiguration": {"logDriver": "awslogs", "options": log}}]}


def write(folder, tags, migration, limits):
    service = {"cluster": "bench", "serviceName": "web", "taskDefinition": "app", "desiredCount": 1, "launchType": "FARGATE",
               "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}}
    (folder / "sandbox.json").write_text(json.dumps({
        "account": "123456789012", "region": "us-east-1", "clusters": ["bench"], "taskDefinitions": [definition()],
        "services": [service], "limits": {**LIMITS, **limits}}))
    for tag in tags:
        image(folder, tag, migration)
    (folder / "m.json").write_text(json.dumps({
        "apiVersion": "reconcile/v1", "environment": "bench", "cluster": "bench",
        "image": {"repository": REPOSITORY, "tag": tags[0]}, "schema": {"database": "main"}, "services": [{"name": "web"}]}))


def write_fleet(folder, size):
    """As many environments of one service, without tasks: what is measured is the looking.

    They share some definitions, because AWS lets nobody describe more than 20 of them a second, and the first comparison
    describes each. Later ones read each environment's from the ledger either way.
    """
    names = [f"s{number:05}" for number in range(size)]
    family = {name: f"f{number % FAMILIES}" for number, name in enumerate(names)}
    services = [{"cluster": "bench", "serviceName": name, "taskDefinition": family[name], "desiredCount": 0, "launchType": "FARGATE",
                 "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}} for name in names]
    (folder / "sandbox.json").write_text(json.dumps({
        "account": "123456789012", "region": "us-east-1", "clusters": ["bench"],
        "taskDefinitions": [{**definition(f"@{DIGEST}"), "family": name} for name in sorted(set(family.values()))],
        "services": services}))
    manifests = folder / "manifests"
    manifests.mkdir()
    for name in names:
        (manifests / f"{name}.json").write_text(json.dumps({
            "apiVersion": "reconcile/v1", "environment": name, "cluster": "bench",
            "image": {"repository": REPOSITORY, "digest": DIGEST}, "services": [{"name": name}]}))


def timed(command, folder, environment):
    """How long a command takes, in seconds. One that fails ends the measuring."""
    start = time.monotonic()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        sys.exit(f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return time.monotonic() - start


@contextlib.contextmanager
def sandbox(tags, migration=f"sleep {WORK}; echo done", **limits):
    """A world of one service, with an image for each tag, whose migration is that shell script."""
    with serving(lambda folder: write(folder, tags, migration, limits)) as world:
        yield world


@contextlib.contextmanager
def fleet(size):
    with serving(lambda folder: write_fleet(folder, size)) as world:
        yield world


@contextlib.contextmanager
def serving(write_world):
    """A running sandbox: its folder, and the environment with which every AWS tool talks to it."""
    folder = pathlib.Path(tempfile.mkdtemp())
    write_world(folder)
    process = subprocess.Popen([build.BINARY, "sandbox", folder, "--port", "0"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    try:
        environment = {"PATH": f"{build.PEERS}:{os.environ['PATH']}", "HOME": str(folder), "AWS_PAGER": ""}
        for line in process.stdout:
            name, value = re.fullmatch(r"export (\w+)=(.*)\n", line).groups()
            environment[name] = value
            if name == "AWS_SECRET_ACCESS_KEY":
                break
        environment.setdefault("AWS_DEFAULT_REGION", "us-east-1")
        yield folder, environment
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


@contextlib.contextmanager
def counting(environment):
    """The same environment behind a relay that notes calls, each as (name, start, end): what a tool does is counted the same
    way for all."""
    host, port = re.search(r"//([^:/]+):(\d+)", environment["AWS_ENDPOINT_URL"]).groups()
    calls = []

    class Relay(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            start = time.monotonic()
            upstream = http.client.HTTPConnection(host, int(port))
            upstream.request("POST", self.path, body, dict(self.headers))
            answer = upstream.getresponse()
            content = answer.read()
            calls.append((self.headers.get("X-Amz-Target", "sts").split(".")[-1], start, time.monotonic()))
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            upstream.close()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Relay)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield {**environment, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"}, calls
    finally:
        server.shutdown()


def rounds(calls, until):
    """How many calls come one after another before a moment: those that are under way together are one."""
    count, end = 0, 0
    for _, start, stop in sorted(calls, key=lambda call: call[2]):
        if stop <= until and start >= end:
            count, end = count + 1, stop
    return count
