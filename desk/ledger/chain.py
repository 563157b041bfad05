"""The chain of events: each carries the hash of the one before it, so that nothing can be changed, left out or moved unseen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

FIRST = "0" * 64
"""What stands for the hash before the first event."""
HASHED = ("sequence", "event_id", "at", "kind", "case_id", "actor", "body", "previous")


def canonical(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """A value as JSON that always comes out the same."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(event: Mapping[str, Any]) -> str:
    """The hash of an event: SHA-256 over its fields and the hash of the one before it."""
    return hashlib.sha256(canonical({name: event[name] for name in HASHED}).encode()).hexdigest()


def broken(events: Iterable[Mapping[str, Any]], head: tuple[int, str]) -> str:
    """What is wrong with a chain, in a sentence; empty where it holds from the first event to the head."""
    last, previous = 0, FIRST
    for event in events:
        place = f"event {event['sequence']}"
        if event["sequence"] != last + 1:
            return f"{place}: it follows event {last}, expected event {last + 1}. An event was left out, added or moved."
        if event["previous"] != previous:
            return f"{place}: it names another event before it than event {last}. One of the two was changed."
        if event["hash"] != hash_of(event):
            return f"{place}: its content does not have its hash. It was changed."
        last, previous = event["sequence"], event["hash"]
    if head != (last, previous):
        return f"head: it names event {head[0]}, expected event {last} to be the last. Events at the end were left out or added."
    return ""
