"""The exception report: one HTML file that opens offline."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from transforms.policy import Policy


@dataclass(frozen=True)
class Material:
    """All that a report tells of."""

    as_of: date
    policy: Policy
    findings: pl.DataFrame
    cases: pl.DataFrame
    verdicts: pl.DataFrame
    blind_spots: pl.DataFrame
    quarantine: pl.DataFrame
    rules: dict[str, Any]
    facts: Any
    counts: dict[str, dict[str, int]]
    program: str
    calendar: str


def render(material: Material) -> str:
    """The report as one HTML text."""
    return f"<!doctype html><title>{material.as_of}</title>"
