"""Compares answers with botocore's models, of ECS unless a service is named: one line for each member, enum value or type that it does not have.

Reads lines of {"operation": …, "answer": …}, perhaps with "service", from standard input.
"""

import json
import sys

import botocore.session

session = botocore.session.get_session()
# Stages of hooks that the documentation of lifecycleStage names, and its enum does not.
known = {"PRE_PRODUCTION_TRAFFIC_SHIFT"}
kinds = {
    "string": str, "integer": int, "long": int, "double": (int, float), "float": (int, float), "boolean": bool,
    "timestamp": (int, float), "list": list, "structure": dict, "map": dict,
}


def check(value, shape, path):
    kind = shape.type_name
    if not isinstance(value, kinds[kind]) or isinstance(value, bool) != (kind == "boolean"):
        print(f"{path}: {value!r} is no {kind}")
    elif kind == "structure":
        for key, member in value.items():
            if key in shape.members:
                check(member, shape.members[key], f"{path}.{key}")
            else:
                print(f"{path}.{key}: unknown")
    elif kind == "list":
        for member in value:
            check(member, shape.member, path + "[]")
    elif kind == "string" and shape.enum and value not in shape.enum and value not in known:
        print(f"{path}: {value} is none of {', '.join(shape.enum)}")


count = 0
for line in sys.stdin:
    entry = json.loads(line)
    model = session.get_service_model(entry.get("service", "ecs"))
    operation = model.operation_model(entry["operation"])
    check(entry["answer"], operation.output_shape, entry["operation"])
    count += 1
print(f"{count} answers")
