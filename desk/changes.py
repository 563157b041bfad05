"""What changed in a case since it was last decided."""

import json
from collections.abc import Callable
from typing import Any

import polars as pl

from transforms.cases import KNOWN, STANDS, judged_as
from transforms.reports.words import label, told

Known = dict[str, str]


def changes(events: list[dict[str, Any]], findings: pl.DataFrame, is_open: Callable[[Known], bool] = lambda _: True) -> list[str]:
    """One sentence a finding that came, went or is judged otherwise since the last decision that kept what it knew; none where nothing changed.

    `events` of one case in order, `findings` as the reader may see them, withdrawn ones included; what a finding was stays out where it
    is not open to the reader.
    """
    kept = [
        each["body"]["known"] for each in events if each["kind"] == "decision" and each["body"].get("known") is not None and each["body"]["decision"] != "note"
    ]
    if not kept:
        return []
    before = {each["finding_id"]: each for each in map(_read, kept[-1]) if is_open(each)}
    visible = set(findings["finding_id"])
    stands = findings.filter(STANDS).with_columns(judged_as())
    now = {each["finding_id"]: each for each in map(_read, stands["known"])}
    said = [f"{name} was not known at the last decision." for name in now if name not in before]
    said += [f"{name} no longer arises." for name in before if name not in now and name in visible]
    said += [f"{name}: {'; '.join(parts)}." for name, each in now.items() if name in before and (parts := _differences(before[name], each))]
    return sorted(said)


def _read(text: str) -> Known:
    return dict(zip(KNOWN, text.split("\n", len(KNOWN) - 1), strict=True))


def _differences(before: Known, now: Known) -> list[str]:
    said = [
        f"{name.removesuffix('_id')} was {before[name] or 'nobody'}, is {now[name] or 'nobody'}"
        for name in ("outcome", "severity", "trader_id")
        if before[name] != now[name]
    ]
    old, new = (json.loads(each["evidence"] or "{}") for each in (before, now))
    return said + [f"{label(key)} was {told(key, old.get(key))}, is {told(key, new.get(key))}" for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
