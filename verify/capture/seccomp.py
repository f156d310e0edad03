"""A system-call filter: what a decoder never needs is refused by the kernel with "operation not permitted".

A list of refusals rather than of permissions: decoders, BLAS and the C library use many calls, and they differ from one
version to the next; sockets, tracing, mounting, io_uring and the keyring they never need. Source: Linux seccomp(2) and
the system-call tables of x86_64 and aarch64.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Sequence

__all__ = ["refuse_calls"]

# name: (x86_64, aarch64)
_REFUSED = {
    "socket": (41, 198), "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "setns": (308, 268),
    "unshare": (272, 97), "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "open_by_handle_at": (304, 265),
    "init_module": (175, 105), "finit_module": (313, 273), "kexec_load": (246, 104), "reboot": (169, 142),
}  # fmt: skip
_EXECUTE = {"execve": (59, 221), "execveat": (322, 281)}

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the tables, AUDIT_ARCH
_PR_SET_SECCOMP, _FILTER_MODE = 22, 2
_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NUMBER_OFFSET, _ARCH_OFFSET = 0, 4
_X32_BIT = 0x40000000  # the second, 32-bit table of x86_64 would slip past numbers of the first


def refuse_calls(*, execute: bool) -> bool:
    """Installs the filter on this process and its children, for good. Needs PR_SET_NO_NEW_PRIVS.

    Args:
        execute: whether other programs may be started.

    Returns:
        False when the machine or the kernel has no such filter; nothing has changed then.
    """
    if platform.machine() not in _MACHINES:
        return False
    column, architecture = _MACHINES[platform.machine()]
    refused = {**_REFUSED, **({} if execute else _EXECUTE)}
    program = _program([numbers[column] for numbers in refused.values()], architecture)
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("<HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_PR_SET_SECCOMP, _FILTER_MODE, header, 0, 0) == 0)


def _program(numbers: Sequence[int], architecture: int) -> bytes:
    """Classic BPF: another architecture or one of the numbers is refused, the rest allowed."""
    refuse = _RETURN, 0, 0, _ERRNO | errno.EPERM
    code = [(_LOAD, 0, 0, _ARCH_OFFSET), (_JUMP_EQUAL, 1, 0, architecture), refuse, (_LOAD, 0, 0, _NUMBER_OFFSET)]
    code += [(_JUMP_GREATER_EQUAL, 0, 1, _X32_BIT), refuse]
    for number in numbers:
        code += [(_JUMP_EQUAL, 0, 1, number), refuse]
    code.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in code)
