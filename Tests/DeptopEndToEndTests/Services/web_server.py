"""An HTTP server for tests: /after/SECONDS answers after that time, /error at once with 500, /late too late.

Prints its port, then serves until SIGTERM.
"""

import http.server
import signal
import sys
import threading
import time


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        parts = self.path.split("/")
        if parts[1] == "after":
            time.sleep(float(parts[2]))
        if parts[1] == "late":
            time.sleep(1.5)
        body = b"{}"
        self.send_response(500 if parts[1] == "error" else 200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # A client that gave up waiting closes its connection: that is what it is for.


signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
signal.sigwait({signal.SIGTERM})
