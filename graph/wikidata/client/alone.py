"""One fetch at a time into a folder of records: two at once would ask a site twice as often as its rules want.

The folder itself is locked (``flock``), so that nothing is in it but records, and the lock of a fetch that is killed
ends with it. Readers and imports take no notice.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FetchAtWorkError(ValueError):
    """Another fetch is at work in the folder of records."""


class UnlockableError(ValueError):
    """The folder of records is where nothing can be locked."""


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """The one fetch into a folder, which is made if it is not there.

    Raises FetchAtWorkError, UnlockableError, and OSError if the folder cannot be made or opened.
    """
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(opened, folder)
        yield
    finally:
        os.close(opened)


def _lock(opened: int, folder: Path) -> None:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise FetchAtWorkError(
            f"{folder}: another fetch is at work in this folder: wait until it has ended, then give the same command "
            "again; what is kept by then is not fetched again"
        ) from error
    except OSError as error:
        raise UnlockableError(
            f"{folder}: this folder cannot be locked ({error.strerror}): fetch --into one on a local disk"
        ) from error
