"""The reading copy: what the desk reads of a night, in a folder of its own beside the store, so that neither ever waits for the other."""

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl

from flows.giving_way import READERS
from flows.stages import Night, judged_rules
from transforms.reading_copy import FACTS, folder_of
from transforms.tables import NATIVE

KEPT = 2
"""Copies that stay: the one in use, and the one that a reader may still be opening."""


def publish(night: Night, store: Path, policy: str, record: dict[str, Any], history: pl.DataFrame) -> None:
    """Write the copy of a night and then point to it; who is reading the one before goes on reading it."""
    home = folder_of(store)
    home.mkdir(parents=True, exist_ok=True)
    (home / READERS).touch()
    held = sorted(int(path.name) for path in home.iterdir() if path.name.isdigit())
    fresh = home / f"{(held[-1] if held else 0) + 1:06d}"
    partial = home / f".{fresh.name}"
    shutil.rmtree(partial, ignore_errors=True)
    for name, frames in _contents(night, history).items():
        (partial / name).mkdir(parents=True)
        for each, frame in frames.items():
            frame.write_parquet(partial / name / f"{each}.parquet", compression="lz4")
    about = {
        "as_of": str(night.as_of), "missing": sorted(night.loaded.missing), "asked": {name: sorted(keys) for name, keys in night.facts.asked.items()},
        "counts": night.loaded.counts, "policy_file": policy, **record,
    }  # fmt: skip
    (partial / "night.json").write_text(json.dumps(about, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    partial.rename(fresh)
    pointer = home / ".current"
    pointer.write_text(fresh.name, encoding="utf-8")
    pointer.replace(home / "current")
    for number in held[: len(held) + 1 - KEPT]:
        shutil.rmtree(home / f"{number:06d}", ignore_errors=True)


def _contents(night: Night, history: pl.DataFrame) -> dict[str, dict[str, pl.DataFrame]]:
    facts = night.facts
    wanted = sorted({*FACTS, *(rule.over for rule in judged_rules(night.policy).values())})
    told = {
        "findings": night.findings, "verdicts": night.verdicts, "blind_spots": night.blind_spots, "otherwise": night.otherwise.filter(pl.col("here").is_not_null()),
        "near": night.near, "late": night.late, "refused": night.loaded.refused, "history": history,
    }  # fmt: skip
    return {"tables": {name: facts[name] for name in NATIVE}, "facts": {name: facts[name] for name in wanted}, "night": told}
