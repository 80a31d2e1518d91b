"""Writes quoted.json: values as libraries and shells write them into logs. Run it again to add a value or a writer."""

import html
import html.entities
import json
import os
import pathlib
import shlex
import subprocess
import urllib.parse

VALUES = [
    "it's\\back $x\"q", "p'w\\n é\\303", "a'b\\'c", "x&y<z>'w\"v", "100%$$ 'q' \\\\", "ünï'cødé\\\"", "tab\there'\\t",
    "back`tick$(x)'!\\", "br[ack]et é£ß",
]


def shell(name, script, value, locale="C.UTF-8"):
    environment = {**os.environ, "LC_ALL": locale}
    done = subprocess.run([name, "-c", script, "x", value], capture_output=True, env=environment, check=True)
    return done.stdout.decode("utf-8", "replace").strip("\n")


NAMES = {character: name for name, character in html.entities.html5.items() if name.endswith(";") and len(character) == 1}


def named(value, names):
    return "".join(f"&{names[character].rstrip(';')};" if character in names else character for character in value)


HTML4 = {chr(code): name for code, name in html.entities.codepoint2name.items()}


def after(mark, special, value):
    return "".join(mark + character if character in special else character for character in value)


PLAIN = {
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
    "sql brackets": lambda value: value.replace("]", "]]"),
    "html names": lambda value: named(value, HTML4),
    "html5 names": lambda value: named(value, NAMES),
    "latin URL": lambda value: urllib.parse.quote(value, safe="", encoding="latin-1", errors="replace"),
    "powershell": lambda value: after("`", "`$\"'", value),
    "cmd": lambda value: after("^", "^&|<>()!\"", value),
    "printf %q": lambda value: shell("dash", '/usr/bin/printf %q "$1"', value),
    "printf %q in C": lambda value: shell("dash", '/usr/bin/printf %q "$1"', value, "C"),
    "dash export": lambda value: shell("dash", 'export y="$1"; export -p | grep -a y=', value),
}

OUTER = ["json", "shlex.quote", "urllib quote", "urllib quote_plus", "html.escape", "sql", "csv"]
INNER = OUTER + ["ascii", "bash %q", "php", "printf %q"]
NESTED = {
    f"{inner} in {outer}": lambda value, inner=inner, outer=outer: PLAIN[outer](PLAIN[inner](value))
    for outer in OUTER for inner in INNER
}
WRITERS = PLAIN | NESTED

rows = [{"value": value, "writer": name, "text": write(value)} for value in VALUES for name, write in WRITERS.items()]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n")
