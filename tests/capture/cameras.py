"""A camera of this machine's own: pictures of the samples as a stream of JPEGs over loopback."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

SAMPLES = Path(__file__).parents[2] / "samples" / "checkpoint"
FILES = SAMPLES / "files"


@contextmanager
def stream(picture: bytes, *, count: int = 0, every: float = 0.04) -> Iterator[str]:
    """The address of a camera that shows one picture again and again, `count` times and then is gone; 0 for ever."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            sent = 0
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                while not count or sent < count:
                    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
                    self.wfile.write(head.encode() + picture + b"\r\n")
                    sent += 1
                    time.sleep(every)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/camera"
        server.shutdown()
        thread.join()
