"""Makes a ledger of many entries, as a program would have left it that never sealed one, in seconds instead of hours.

Each environment has releases of twelve entries: a run, four changes of intent, acceptance or none, and outcome, an end.
"""
import hashlib
import json
import sqlite3

SCHEMA = """
CREATE TABLE meta (
    only INTEGER PRIMARY KEY CHECK (only = 1), lineage TEXT NOT NULL, format INTEGER NOT NULL, key BLOB NOT NULL
) STRICT;
CREATE TABLE entry (
    sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, time INTEGER NOT NULL, aws_time INTEGER,
    environment TEXT NOT NULL, resource TEXT, kind TEXT NOT NULL, token TEXT NOT NULL, payload TEXT NOT NULL,
    digest BLOB NOT NULL
) STRICT;
CREATE INDEX entry_by_environment ON entry (environment, sequence);
CREATE TABLE last_entry (only INTEGER PRIMARY KEY CHECK (only = 1), sequence INTEGER NOT NULL) STRICT;
CREATE TABLE cache (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE fact (
    subject TEXT NOT NULL, name TEXT NOT NULL, sequence INTEGER NOT NULL, position INTEGER NOT NULL,
    value TEXT NOT NULL, PRIMARY KEY (subject, name, sequence, position)
) STRICT, WITHOUT ROWID;
"""
LINEAGE, KEY = "be" * 16, bytes(range(32))


def text(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def release(environment, number):
    """The entries of one release: resource, kind, token, payload. An intent is named by how many entries before it is."""
    digest = hashlib.sha256(f"{environment}{number}".encode()).hexdigest()
    changes = [
        ("task-definition/app", "register", True, [("task-definition/%s/app" % environment, "revision", f"app:{number}")]),
        ("schema/main", "migrate", True, [("schema/%s/main" % environment, "version", f"{number:06}"),
                                          ("schema/%s/main" % environment, "migrated-from", f"app:{number}")]),
        ("schema/main", "mark", False, [("schema/%s/main" % environment, "marked", f"{number:06}")]),
        ("service/web", "update", False, [("service/%s/web" % environment, "rollout", f"completed sha256:{digest}")])]
    yield None, "run", "", {"command": "apply", "user": "ci", "host": "runner", "version": "0.1.0", "pid": 4242}
    for resource, action, is_accepted, facts in changes:
        token = hashlib.sha256(f"{digest}{action}".encode()).hexdigest()[:32]
        arn = f"arn:aws:ecs:us-east-1:123456789012:{resource}:{digest[:32]}"
        yield resource, "intent", token, {"action": action, "reason": "new image", "definition": arn, "digest": digest}
        if is_accepted:
            yield resource, "accepted", token, {"intent": 1, "acceptance": {"arn": arn, "revision": number}}
        yield resource, "outcome", token, {
            "intent": 2 if is_accepted else 1, "result": "succeeded", "evidence": {"exitCode": 0, "summary": "done", "arn": arn},
            "facts": [{"subject": s, "name": n, "value": v} for s, n, v in facts]}
    yield None, "end", "", {"exit": 0}


def make(path, count, environments):
    base = sqlite3.connect(path)
    base.execute("PRAGMA synchronous = OFF")
    base.executescript(SCHEMA)
    base.execute(f"PRAGMA application_id = {0x7265636F}")
    base.execute("INSERT INTO meta VALUES (1, ?, 1, ?)", (LINEAGE, KEY))
    head = hashlib.sha256(f"{LINEAGE}\n1\n".encode() + KEY).digest()
    entries, facts, epoch = [], [], 0
    sequence = 0
    while sequence < count:
        epoch += 1
        environment = f"bench-{epoch % environments}"
        for resource, kind, token, payload in release(environment, epoch // environments):
            if sequence == count:
                break
            sequence += 1
            if "intent" in payload:
                payload["intent"] = sequence - payload["intent"]
            for position, fact in enumerate(payload.get("facts", [])):
                facts.append((fact["subject"], fact["name"], sequence, position, fact["value"]))
            row = (sequence, epoch, 1_700_000_000 + sequence, 1_700_000_000 + sequence, environment, resource, kind, token, text(payload))
            head = hashlib.sha256(head + text(row).encode()).digest()
            entries.append(row + (head,))
        if len(entries) > 50_000 or sequence == count:
            base.executemany("INSERT INTO entry VALUES (?,?,?,?,?,?,?,?,?,?)", entries)
            entries.clear()
    base.executemany("INSERT INTO fact VALUES (?,?,?,?,?)", sorted(facts))
    base.execute("INSERT INTO last_entry VALUES (1, ?)", (sequence,))
    base.commit()
    base.close()
