"""A server that takes connections and never reads from them.

Usage: deaf_server.py HOST PORT
"""

import socket
import sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
print("ready", flush=True)
accepted = []
while True:
    accepted.append(listener.accept())
