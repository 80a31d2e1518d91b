"""A server with bad manners, for the transport's tests. Prints its port. `tls` as an argument: with a certificate that nobody
trusts, made on the spot."""
import http.server
import ssl
import subprocess
import sys
import tempfile
import threading

connections = 0
lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        global connections
        with lock:
            connections += 1
        super().setup()

    def answer(self, body, status=200, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/echo"):
            lines = [self.requestline] + [f"{name.lower()}: {value}" for name, value in self.headers.items()]
            self.answer("\n".join(lines).encode() + b"\n\n" + sent)
        elif self.path == "/connections":
            self.answer(str(connections).encode())
        elif self.path == "/redirect":
            self.answer(b"", 302, [("Location", "/echo")])
        elif self.path == "/big":
            self.answer(b"x" * 4_000_000)
        elif self.path == "/hang":
            threading.Event().wait(3600)
        elif self.path == "/cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
            self.close_connection = True
        elif self.path == "/drop":
            self.connection.shutdown(2)
            self.close_connection = True

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


server = Server(("127.0.0.1", 0), Handler)
if "tls" in sys.argv:
    folder = tempfile.mkdtemp()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", f"{folder}/key", "-out", f"{folder}/certificate"],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/certificate", f"{folder}/key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print(f"{folder}/certificate", flush=True)
print(f"port {server.server_address[1]}", flush=True)
server.serve_forever()
