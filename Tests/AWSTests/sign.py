"""Random requests signed by botocore, one JSON object per line: what our signer must agree with."""
import json
import random
import sys

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
import botocore.auth
import datetime
from urllib.parse import quote

rng = random.Random(int(sys.argv[1]))
NAMES = "aZ09-._~ /+%&=?#@:;,!$'()*øé日😀"


def text(least, most, alphabet=NAMES):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(least, most)))


def case():
    service = rng.choice(["ecs", "s3", "sts", "logs", "dynamodb"])
    host = rng.choice(["x.amazonaws.com", "127.0.0.1:4566", "localhost:80", "bucket.s3.eu-west-1.amazonaws.com"])
    scheme = "http" if host[0] in "1l" else "https"
    path = "/" + "/".join(quote(text(0, 6), safe="-._~") for _ in range(rng.randint(0, 3)))
    if rng.random() < 0.1:
        path = rng.choice(["/a/./b", "/a/../b", "//a//b", "/a/b/", "/..", "/."])
    pairs = [quote(text(1, 4), safe="-._~") + rng.choice(["=" + quote(text(0, 5), safe="-._~"), "=", ""])
             for _ in range(rng.choice([0, 0, 1, 2, 4]))]
    query = "&".join(pairs)
    body = text(0, 200).encode()
    headers = {"Content-Type": rng.choice(["application/x-amz-json-1.1", "text/plain;  charset=utf-8"])}
    for _ in range(rng.randint(0, 3)):
        headers["X-" + text(1, 6, "abcDEF-")] = text(0, 12, "ab  c1=,;").strip()
    credentials = Credentials("AKID" + text(4, 8, "ABC123"), text(10, 40, "abcXYZ/+="),
                              text(10, 60, "abc/+=") if rng.random() < 0.5 else None)
    moment = datetime.datetime(rng.randint(2000, 2099), rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23),
                               rng.randint(0, 59), rng.randint(0, 59), tzinfo=datetime.timezone.utc)
    region = rng.choice(["us-east-1", "eu-central-1", "cn-north-1"])

    # botocore reads the clock itself; here it reads ours.
    for module in [m for m in sys.modules.values() if getattr(m, "__name__", "").startswith("botocore")]:
        if hasattr(module, "get_current_datetime"):
            module.get_current_datetime = lambda remove_tzinfo=True: moment.replace(tzinfo=None) if remove_tzinfo else moment
    request = AWSRequest(method=rng.choice(["POST", "GET", "PUT"]), url=f"{scheme}://{host}{path}" + (f"?{query}" if query else ""),
                         data=body, headers=dict(headers))
    (S3SigV4Auth if service == "s3" else SigV4Auth)(credentials, service, region).add_auth(request)
    return {"method": request.method, "endpoint": f"{scheme}://{host}", "path": path, "query": query, "body": body.decode(),
            "headers": [[k, v] for k, v in headers.items()], "service": service, "region": region,
            "key": credentials.access_key, "secret": credentials.secret_key, "token": credentials.token,
            "time": int(moment.timestamp()), "authorization": request.headers["Authorization"]}


for _ in range(int(sys.argv[2])):
    print(json.dumps(case()))
