"""Connections that are held open and used only on demand.

Usage: line_client.py HOST PORT COUNT TEXT [keepalive]

Each SIGUSR1 sends TEXT and a line's end on every connection, one after the other, and writes one line:
"round N" and, for each connection, "LOCALPORT=reply", "LOCALPORT=reset" or "LOCALPORT=silent". One that was reset is
opened again at once. SIGUSR2 does the same without waiting for replies ("LOCALPORT=sent").
"""

import signal
import socket
import sys

HOST, PORT, COUNT, TEXT = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
KEEPALIVE = "keepalive" in sys.argv[5:]


def connect():
    connection = socket.create_connection((HOST, PORT), timeout=10)
    if KEEPALIVE:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return connection


def exchange(connection, waits):
    try:
        connection.sendall(TEXT.encode() + b"\r\n")
        if not waits:
            return "sent"
        return "reply" if connection.recv(4096) else "reset"
    except TimeoutError:
        return "silent"
    except OSError:
        return "reset"


def main():
    signals = {signal.SIGUSR1, signal.SIGUSR2}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    connections = [connect() for _ in range(COUNT)]
    print("ready", flush=True)
    number = 0
    while True:
        waits = signal.sigwait(signals) == signal.SIGUSR1
        number += 1
        words = []
        for index, connection in enumerate(connections):
            port = connection.getsockname()[1]
            outcome = exchange(connection, waits)
            words.append(f"{port}={outcome}")
            if outcome == "reset":
                connection.close()
                connections[index] = connect()
        print("round", number, *words, flush=True)


main()
