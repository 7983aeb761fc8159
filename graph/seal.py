"""A process that opens no socket, whatever the libraries in it would do: a filter of system calls (seccomp).

``socket``, ``connect`` and ``io_uring_setup`` (which could do both unseen) fail with EACCES from then on, in every
thread. Descriptors that are open already go on working. The filter cannot be taken away again.
"""

import ctypes
import errno
import logging
import os
import platform
import struct
import sys
from typing import Final

logger = logging.getLogger(__name__)

# Numbers from linux/audit.h, linux/seccomp.h, linux/filter.h and the tables of system calls.
_MACHINES: Final = {
    "x86_64": (0xC000003E, 317, (41, 42, 425)),
    "aarch64": (0xC00000B7, 277, (198, 203, 425)),
}
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_SET_MODE_FILTER: Final = 1
_SECCOMP_FILTER_FLAG_TSYNC: Final = 1
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EACCES
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32: Final = 0x40000000


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def forbid_sockets() -> None:
    """No new socket and no connection in this process from now on; says in the log where that cannot be had."""
    machine = _MACHINES.get(platform.machine()) if sys.platform == "linux" else None
    if machine is None:
        logger.warning("sockets cannot be forbidden on %s %s", sys.platform, platform.machine())
        return
    architecture, seccomp, numbers = machine
    code = _filter(architecture, numbers)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    program = _Program(len(code) // 8, code)
    if libc.syscall(seccomp, _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC, ctypes.byref(program)):
        logger.warning("sockets cannot be forbidden: %s", os.strerror(ctypes.get_errno()))


def _filter(architecture: int, numbers: tuple[int, ...]) -> bytes:
    """The program: another architecture's calls, the x32 ones and the numbers given are refused."""
    refuse = len(numbers) + 1
    steps = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, refuse + 2, architecture),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, refuse, 0, _X32),
        *((_EQUAL, refuse - place, 0, number) for place, number in enumerate(numbers, 1)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
