"""One connection on which data is sent for as long as the peer takes any.

Usage: flood_client.py HOST PORT
"""

import socket
import sys

connection = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print("ready", flush=True)
while True:
    connection.sendall(b"x" * 65536)
