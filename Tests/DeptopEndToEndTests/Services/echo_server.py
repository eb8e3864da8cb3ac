"""A server that answers each line with the same line after a few milliseconds.

Prints its port, then serves until SIGTERM.
"""

import signal
import socketserver
import threading
import time


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while True:
            try:
                line = self.rfile.readline()
            except ConnectionError:
                return
            if not line:
                return
            time.sleep(0.005)
            self.wfile.write(line)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
signal.sigwait({signal.SIGTERM})
