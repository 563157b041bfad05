"""The chain of events: each carries the hash of the one before it, so that nothing can be changed, left out or moved unseen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

FIRST = "0" * 64
"""What stands for the hash before the first event."""
HASHED = ("sequence", "event_id", "at", "kind", "case_id", "actor", "body", "previous")


NAMED = ("sequence", "event_id", "hash", "kind", "at")
"""What an entry that tells of an erasure says of each event whose content was taken out."""


def canonical(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """A value as JSON that always comes out the same."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(event: Mapping[str, Any]) -> str:
    """The hash of an event: SHA-256 over its fields and the hash of the one before it."""
    return hashlib.sha256(canonical({name: event[name] for name in HASHED}).encode()).hexdigest()


def broken(events: Iterable[Mapping[str, Any]], head: tuple[int, str]) -> str:
    """What is wrong with a chain, in a sentence; empty where it holds from the first event to the head.

    An event of which only place and hash are given holds by these. One whose content was taken out keeps its place and hash; it holds
    where a later event tells of it.
    """
    last, previous = 0, FIRST
    erased: dict[tuple[Any, ...], int] = {}
    for event in events:
        said = _misplaced(event, last, previous) or _altered(event, erased)
        if said:
            return f"event {event['sequence']}: {said}"
        last, previous = event["sequence"], event["hash"]
    if head != (last, previous):
        return f"head: it names event {head[0]}, expected event {last} to be the last. Events at the end were left out or added."
    if erased:
        return f"event {min(erased.values())}: its content was taken out, and no later event tells of it. It was changed."
    return ""


def _misplaced(event: Mapping[str, Any], last: int, previous: str) -> str:
    if event["sequence"] != last + 1:
        return f"it follows event {last}, expected event {last + 1}. An event was left out, added or moved."
    return "" if event["previous"] == previous else f"it names another event before it than event {last}. One of the two was changed."


def _altered(event: Mapping[str, Any], erased: dict[tuple[Any, ...], int]) -> str:
    """What is wrong with an event's own content; `erased` holds those whose content is gone until an event tells of them."""
    if "body" not in event:
        return ""
    if not event["body"] and not event["actor"] and event["case_id"] is None:
        erased[tuple(event[name] for name in NAMED)] = event["sequence"]
        return ""
    if event["hash"] != hash_of(event):
        return "its content does not have its hash. It was changed."
    for each in json.loads(event["body"])["erased"] if event["kind"] == "erased" else ():
        erased.pop(tuple(each[name] for name in NAMED), None)
    return ""
