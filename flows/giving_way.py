"""Who goes first: a run beside an open desk takes only what its readers leave of the processors."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from transforms.reading_copy import folder_of

READERS = "readers"
"""A file in the folder of the reading copies: whoever serves the desk holds a shared lock on it, for as long as it serves."""
A_LITTLE = 10
"""How far a run stands back where nobody is known to read, or where a system knows no idle processes."""


@contextmanager
def held_open(store: Path) -> Iterator[None]:
    """Within the block, runs on this machine find the desk of a store open."""
    with ExitStack() as held:
        with suppress(OSError):  # no night has made the file, or it is not this desk's to read
            stream = held.enter_context((folder_of(store) / READERS).open("rb"))
            fcntl.flock(stream, fcntl.LOCK_SH)
        yield


def is_open(store: Path) -> bool:
    """Whether the desk of a store is open on this machine; no, where that can't be told."""
    if not folder_of(store).is_dir():
        return False
    try:
        with (folder_of(store) / READERS).open("ab") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # the folder is not this run's to write, or its file system knows no locks
        return False
    return False


def give_way(store: Path) -> None:
    """Stand back where others want the processors: wholly while the desk is open, a little where it is not. All that is started from here does so too."""
    if sys.platform == "linux" and is_open(store):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    else:
        os.nice(A_LITTLE)
