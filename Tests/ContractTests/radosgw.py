#!/usr/bin/env python3
"""Runs a Ceph Object Gateway with one monitor and one OSD, which keep everything in memory. They end with this process.

    radosgw.py PORT FOLDER
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import uuid
from pathlib import Path

USER = ["--uid=tests", "--display-name=tests", "--access-key=test", "--secret=test"]


def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def main():
    gateway, folder = int(sys.argv[1]), Path(sys.argv[2]).resolve()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    for name in ("mon", "osd", "run"):
        (folder / name).mkdir(parents=True)
    monitor, fsid = port(), str(uuid.uuid4())
    conf = folder / "ceph.conf"
    conf.write_text(f"""[global]
fsid = {fsid}
mon host = [v1:127.0.0.1:{monitor}]
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
auth supported = none
ms mon client mode = crc secure
ms bind ipv4 = true
ms bind ipv6 = false
public addr = 127.0.0.1
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
run dir = {folder}/run
admin socket =
pid file =
log file = {folder}/$name.log
mon cluster log file = {folder}/cluster.log
mon data avail crit = 1
osd objectstore = memstore
memstore device bytes = 268435456
[mon.a]
mon data = {folder}/mon
[osd.0]
osd data = {folder}/osd
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:{gateway}
rgw data = {folder}/run
rgw enable usage log = false
rgw thread pool size = 32
keyring =
""")
    env = dict(os.environ, CEPH_CONF=str(conf))
    children = []

    def run(*words):
        done = subprocess.run(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        if done.returncode:
            raise SystemExit(f"{words}: {done.stdout[-2000:]}")
        return done.stdout

    def start(*words):
        out = open(folder / f"{words[0]}.out", "w")
        children.append(subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                         preexec_fn=die_with_parent))

    try:
        run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", f"[v1:127.0.0.1:{monitor}]", str(folder / "monmap"))
        run("ceph-mon", "-c", str(conf), "--mkfs", "-i", "a", "--monmap", str(folder / "monmap"))
        start("ceph-mon", "-c", str(conf), "-i", "a", "-f")
        run("ceph", "-c", str(conf), "--connect-timeout", "30", "osd", "new", fsid, "0")
        run("ceph-osd", "-c", str(conf), "-i", "0", "--mkfs", "--osd-uuid", fsid)
        start("ceph-osd", "-c", str(conf), "-i", "0", "-f")
        run("radosgw-admin", "-c", str(conf), "-n", "client.rgw", "user", "create", *USER)
        start("radosgw", "-c", str(conf), "-n", "client.rgw", "-f")
        children[-1].wait()
    finally:
        for child in reversed(children):
            child.send_signal(signal.SIGKILL)
            child.wait()
        shutil.rmtree(folder, ignore_errors=True)


main()
