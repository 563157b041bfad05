"""Tells how far a run is: a line that is drawn over on a terminal, plain lines to a pipe."""

import sys
import time


class Progress:
    """Progress on standard error, so that standard output holds results alone."""

    def __init__(self) -> None:
        """Start the clock."""
        self._started = time.monotonic()

    def say(self, what: str) -> None:
        """Say what begins now."""
        seconds = time.monotonic() - self._started
        print(f"{seconds:6.1f}s  {what}", file=sys.stderr, flush=True)
