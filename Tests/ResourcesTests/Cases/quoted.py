"""Writes quoted.json: values as libraries and shells write them into logs. Run it again to add a value or a writer."""

import html
import json
import os
import pathlib
import shlex
import subprocess
import urllib.parse

VALUES = [
    "it's\\back $x\"q", "p'w\\n é\\303", "a'b\\'c", "x&y<z>'w\"v", "100%$$ 'q' \\\\", "ünï'cødé\\\"", "tab\there'\\t",
    "back`tick$(x)'!\\",
]


def shell(name, script, value, locale="C.UTF-8"):
    environment = {**os.environ, "LC_ALL": locale}
    done = subprocess.run([name, "-c", script, "x", value], capture_output=True, env=environment, check=True)
    return done.stdout.decode("utf-8", "replace").strip("\n")


WRITERS = {
    "json": json.dumps,
    "json as UTF-8": lambda value: json.dumps(value, ensure_ascii=False),
    "json in json": lambda value: json.dumps(json.dumps(value)),
    "repr": repr,
    "ascii": ascii,
    "repr of bytes": lambda value: repr(value.encode()),
    "shlex.quote": shlex.quote,
    "urllib quote": lambda value: urllib.parse.quote(value, safe=""),
    "urllib quote_plus": urllib.parse.quote_plus,
    "html.escape": html.escape,
    "sql": lambda value: value.replace("'", "''"),
    "csv": lambda value: value.replace('"', '""'),
    "compose": lambda value: value.replace("$", "$$"),
    "php": lambda value: value.replace("\\", "\\\\").replace("'", "\\'"),
    "bash %q": lambda value: shell("bash", 'printf %q "$1"', value),
    "bash %q in C": lambda value: shell("bash", 'printf %q "$1"', value, "C"),
    "bash @Q": lambda value: shell("bash", 'echo "${1@Q}"', value),
    "bash declare": lambda value: shell("bash", "y=$1; declare -p y", value),
    "bash set -x": lambda value: shell("bash", 'exec 2>&1; set -x; : "$1"', value),
    "bash set -x in C": lambda value: shell("bash", 'exec 2>&1; set -x; : "$1"', value, "C"),
    "bash set": lambda value: shell("bash", "y=$1; set | grep -a ^y=", value),
    "dash set -x": lambda value: shell("dash", 'exec 2>&1; set -x; : "$1"', value),
    "dash set": lambda value: shell("dash", "y=$1; set | grep -a ^y=", value),
    "dash export": lambda value: shell("dash", 'export y="$1"; export -p | grep -a y=', value),
}

rows = [{"value": value, "writer": name, "text": write(value)} for value in VALUES for name, write in WRITERS.items()]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n")
