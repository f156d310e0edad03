"""A process that runs batches in children of its own, so that a run costs no start of an interpreter.

Reads one JSON object a line: `{"arguments": [...], "out": FILE, ...}` begins a run of the command line with the fake
workers, and is answered with its process id; `{"wait": PID}` is answered with its exit status. Each item's id is
printed when its record is on the disk. See `conftest.Runs` for the rest.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

from verify.batch import readings, runner
from verify.batch.engines.local import Pool
from verify.checks import discover
from verify.cli import main
from verify.ledger import Ledger

NUMBERS = ("fail_at", "turn_at", "seconds")  # of `meddle_arm` in meddle.c


def tell_recorded() -> None:
    """Prints an item's id once it is recorded."""
    record = Ledger.record_item

    def told(self: Ledger, item: Any, *rest: Any) -> None:
        record(self, item, *rest)
        print(item.item_id, flush=True)  # noqa: T201

    Ledger.record_item = told  # type: ignore[method-assign]


def after_hashing(path: Path, then: str) -> None:
    """Alters one input between its hash and its decoding: "rewrite" in place, "cut", "replace" or "remove"."""
    read, inode = readings.read_untrusted, path.stat().st_ino

    def altered(descriptor: int, *rest: Any, **named: Any) -> Any:
        found = read(descriptor, *rest, **named)
        if os.fstat(descriptor).st_ino == inode:
            match then:
                case "rewrite":
                    path.write_text("good rewritten")
                case "cut":
                    os.truncate(path, 3)
                case "replace":
                    path.with_suffix(".new").write_text("good replaced")
                    path.with_suffix(".new").replace(path)
                case "remove":
                    path.unlink()
        return found

    readings.read_untrusted = altered


def obey_permissions() -> None:
    """Gives up what lets root read and write everything (capset(2), version 3)."""
    words = ctypes.c_uint32 * 6
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    if ctypes.CDLL(None, use_errno=True).capset(header, words()) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def meddled() -> ctypes.CDLL:
    """The preloaded library."""
    library = ctypes.CDLL(os.environ["LD_PRELOAD"])
    library.meddle_arm.argtypes = [ctypes.c_char_p, *[ctypes.c_long] * len(NUMBERS)]
    return library


def begin(order: dict[str, Any]) -> None:
    """In the child: everything as ordered."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    out = os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    for standard in (1, 2):
        os.dup2(out, standard)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if "meddle" in order:
        meddled().meddle_arm(order["job"].encode(), *(order["meddle"].get(name, 0) for name in NUMBERS))
    if "alter" in order:
        after_hashing(Path(order["alter"]), order["then"])
    if order.get("ordinary"):
        obey_permissions()
    os.environ |= {"FAULT_MARK": order["mark"], "TALLY": order["tally"]}
    tell_recorded()
    sys.argv = ["verify", *order["arguments"]]


def go(order: dict[str, Any]) -> NoReturn:
    """A whole run, as an operator sees it; then the process ends without the slow farewell of an interpreter."""
    code = 1
    try:
        begin(order)
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        if "seen" in order:
            Path(order["seen"]).write_text(str(meddled().meddle_seen()))
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve() -> None:
    """Carries out the orders until there are no more."""
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            answer = os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1])
        elif (answer := os.fork()) == 0:
            go(order)
        print(answer, flush=True)  # noqa: T201


if __name__ == "__main__":
    runner.get_batch_engine = lambda settings: Pool(settings, module="worker")
    runner.describe_engines = lambda settings: json.loads(os.environ["FAKE_ENGINES"])
    discover()  # as with the imports
    gc.freeze()
    serve()
