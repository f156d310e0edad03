"""What holds a worker in. Each layer is asked for, and the ones in force are named in the run record.

Threat: a damaged or hostile file that exhausts memory, time or disk, crashes a decoder, or takes it over
(docs/threat-model.md).
"""

from __future__ import annotations

import ctypes
import resource
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

from verify.capture.landlock import restrict
from verify.capture.seccomp import refuse_calls
from verify.settings import Limits

__all__ = ["allow_seconds", "confine"]

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_DESCRIPTORS = 256
_SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/proc/self",
    "/sys/devices/system/cpu",
)
_DEVICES = ("/dev/null", "/dev/urandom")


def confine(limits: Limits, *, readable: Iterable[Path], execute: bool) -> tuple[str, ...]:
    """Confines this process for good; call it after the models are loaded.

    Args:
        limits: memory.
        readable: what may be read beside the system's libraries and this Python.
        execute: whether an engine needs to start a program (tesseract).

    Returns:
        The layers in force.
    """
    layers = ["memory", "no files written", "no core dump", "processor time"]
    allowed = _address_space() + limits.memory
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_DESCRIPTORS, _DESCRIPTORS))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write over the limit becomes an error instead of a death
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0:
        layers.append("dies with its supervisor")
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return tuple(layers)
    layers.append("no new privileges")
    interpreter = [Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[1]]
    system = [Path(name) for name in _SYSTEM]
    version = restrict([*system, *interpreter, *readable], [Path(name) for name in _DEVICES])
    if version:
        layers.append(f"landlock {version}")
    if refuse_calls(execute=execute):
        layers.append("seccomp" if execute else "seccomp without exec")
    return tuple(layers)


def allow_seconds(seconds: float) -> None:
    """Lets this process use that much more processor time, and a second; over it, the kernel ends it (SIGPROF).

    A timer that begins anew with each file: RLIMIT_CPU counts from the start of the process, by another clock than the
    one that can be read, and after hundreds of files ended workers after half of their time.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds + 1)


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()
