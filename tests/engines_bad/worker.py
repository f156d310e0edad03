"""A worker that does what the file in front of it says, the bad things too. It speaks the wire by itself.

Started as `python -m worker FD`. The first word of the file decides; BAD_START decides how the process begins.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

ENGINES = {
    "mrz": "fake reader 1",
    "face": "fake faces 1",
    "face_sha256": os.environ.get("FAKE_SHA256", "ab" * 32),
    "face_card": os.environ.get("FAKE_CARD", "none"),
}


def exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        chunk = connection.recv(count - len(data))
        if not chunk:
            sys.exit(0)
        data += chunk
    return data


def receive(connection: socket.socket) -> tuple[dict, list[int]]:
    start, descriptors, _flags, _address = socket.recv_fds(connection, 4, 4)
    if not start:
        sys.exit(0)
    (length,) = struct.unpack(">I", start + exactly(connection, 4 - len(start)))
    return json.loads(exactly(connection, length)), list(descriptors)


def send(connection: socket.socket, head: dict, *parts: bytes) -> None:
    text = json.dumps({"parts": [len(part) for part in parts], **head}).encode()
    connection.sendall(struct.pack(">I", len(text)) + text + b"".join(parts))


def begin(connection: socket.socket, how: str) -> None:
    if how == "die":
        sys.exit(7)
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "failed":
        send(connection, {"failed": "the tea leaves are not installed: apt install tea-leaves"})
        sys.exit(2)
    if how == "garbage":
        connection.sendall(b"\xff" * 100)
        time.sleep(60)
    if how == "no layers":
        send(connection, {"ready": {"engines": {}}})
        time.sleep(60)
    send(connection, {"ready": {"layers": ["pretended"], "engines": ENGINES}})
    if how == "die when ready":
        sys.exit(9)


def serve(connection: socket.socket, data: bytes, task: dict) -> None:
    file, word = task["file"], data.decode("latin-1").split(" ")[0]
    outcome = {"role": file["role"], "path": file["path"], "outcome": "ok", "sha256": hashlib.sha256(data).hexdigest()}
    good = {"reading": json.dumps({"outcome": outcome}), "names": []}
    match word:
        case "SEGV" | "KILL" | "ABRT" | "XCPU" | "TERM":
            signal.signal(signal.SIGXCPU, signal.SIG_DFL)
            os.kill(os.getpid(), getattr(signal, f"SIG{word}"))
        case "EXIT":
            os._exit(3)
        case "QUIT":
            os._exit(0)
        case "LOOP":
            while True:
                pass
        case "CHILD":  # and hide from the supervisor behind a child that sleeps
            Path(os.environ["CHILD_PID"]).write_text(str(subprocess.Popen(["sleep", "300"]).pid))
            os._exit(3)
        case "MEMORY":
            resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))
            hoard = []
            while True:
                hoard.append(bytearray(1 << 24))
        case "GARBAGE":
            connection.sendall(b"\xff" * 50_000)
        case "HUGE":
            send(connection, {**good, "parts": [1 << 40]})
        case "HALF":
            connection.sendall(struct.pack(">I", 5000) + b'{"reading"')
            os._exit(0)
        case "EMPTY":
            send(connection, {})
        case "TYPES":
            send(connection, {"reading": {"outcome": outcome}, "names": []})
        case "NAMES":
            send(connection, {**good, "names": ["one", "two"]}, b"only one")
        case "NUMBERS":
            send(connection, {**good, "names": [[1]]}, b"a picture")
        case "FAILED":
            send(connection, {"failed": "a file wants the run to end"})
        case "READY":
            send(connection, {"ready": {"layers": [], "engines": {"face_sha256": "00" * 32}}})
        case "INVALID":
            send(connection, {**good, "reading": '{"outcome": {"outcome": "splendid"}}'})
        case "AFTER":  # answers, then dies with nothing to do
            send(connection, good)
            os._exit(3)
        case "LIAR":
            send(connection, {**good, "reading": json.dumps({"outcome": {**outcome, "sha256": "00" * 32}})})
        case "COUNT":
            with Path(os.environ["COUNT"]).open("a") as count:
                count.write(f"{file['role']} ")
            send(connection, good)
        case "TALLY":
            with Path(os.environ["TALLY"]).open("a") as tally:
                tally.write(f"{Path(file['path']).stem}\n")
            send(connection, {**good, "names": [f"{file['role']}.page"]}, data)
        case "PARENT":  # what no confined worker can do: end the process that supervises it
            os.kill(os.getppid(), signal.SIGKILL)
        case "SLEEP":
            time.sleep(0.3)
            send(connection, good)
        case _:
            send(connection, {**good, "names": [f"{file['role']}.page"]}, word.encode())


def main() -> None:
    connection = socket.socket(fileno=int(sys.argv[1]))
    receive(connection)
    begin(connection, os.environ.get("BAD_START", ""))
    while True:
        head, (descriptor,) = receive(connection)
        data = os.read(descriptor, 1000)
        os.close(descriptor)
        serve(connection, data, head["task"])


main()
