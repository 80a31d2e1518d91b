"""A bucket that keeps S3's conditions on writes, counts requests, and answers each after a time of its own."""
import contextlib
import hashlib
import http.server
import threading
import time
import urllib.parse
from email.utils import formatdate


class Bucket:
    def __init__(self, delay):
        self.delay, self.objects, self.requests, self.lock = delay, {}, [], threading.Lock()

    def count(self, method, part=""):
        return sum(1 for kind, key in self.requests if kind == method and part in key)


def handler(bucket):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self, status, body=b"", **headers):
            time.sleep(bucket.delay)
            self.send_response(status)
            for name, value in {"Content-Type": "application/xml", "x-amz-request-id": "1", **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            url = urllib.parse.urlsplit(self.path)
            query = urllib.parse.parse_qs(url.query)
            with bucket.lock:
                bucket.requests.append(("LIST" if query else "GET", url.path))
                found = bucket.objects.get(url.path)
                keys = sorted(bucket.objects)
            if query:
                start, after = query["prefix"][0], query["start-after"][0]
                names = [key.split("/", 2)[2] for key in keys]
                names = [name for name in names if name.startswith(start) and name > after][:1000]
                rows = "".join(f"<Contents><Key>{name}</Key></Contents>" for name in names)
                return self.answer(200, f"<ListBucketResult>{rows}</ListBucketResult>".encode())
            if not found:
                return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            self.answer(200, found[0], ETag=found[1], Last_Modified=formatdate(found[2], usegmt=True))

        def do_PUT(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            etag = f'"{hashlib.md5(body).hexdigest()}"'
            with bucket.lock:
                bucket.requests.append(("PUT", self.path))
                found = bucket.objects.get(self.path)
                match = self.headers.get("If-Match")
                refused = found if self.headers.get("If-None-Match") else match and (not found or found[1].strip('"') != match)
                if not refused:
                    bucket.objects[self.path] = (body, etag, time.time())
            if refused:
                return self.answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")
            self.answer(200, ETag=etag)

        def log_message(self, *_):
            pass

    return Handler


@contextlib.contextmanager
def serving(delay=0.0):
    """The bucket, and its endpoint."""
    bucket = Bucket(delay)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(bucket))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield bucket, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
