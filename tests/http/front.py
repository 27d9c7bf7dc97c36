"""A proxy before a node that plays a client the tricks that networks have."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWER_LOST, REQUEST_LOST, REFUSED = "answer lost", "request lost", "refused"


class Front:
    """The first requests get `tricks`, one each; all others go through. `seen` has the key and body of each."""

    def __init__(self, node, tricks=()):
        self.node, self.tricks, self.seen = node, list(tricks), []
        front = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                front.seen.append((self.headers["Idempotency-Key"], body))
                front.answer(self, body, front.tricks.pop(0) if front.tricks else None)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, client, body, trick):
        if trick == REFUSED:
            return self.send(client, 503, "application/problem+json", b'{"code": "no_leader", "detail": "nobody leads"}')
        if trick != REQUEST_LOST:
            status, kind, said = self.forward(client, body)
            if not trick:
                return self.send(client, status, kind, said)
        client.close_connection = True

    def forward(self, client, body):
        connection = self.node.connect(timeout=20)
        try:
            connection.request("POST", client.path, body, {name: value for name, value in client.headers.items() if name != "Host"})
            answer = connection.getresponse()
            return answer.status, answer.headers["Content-Type"], answer.read()
        finally:
            connection.close()

    def send(self, client, status, kind, body):
        client.send_response(status)
        client.send_header("Content-Type", kind)
        client.send_header("Content-Length", str(len(body)))
        client.end_headers()
        client.wfile.write(body)
