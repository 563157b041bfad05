"""An election at a closed window or on a project list."""

import polars as pl

from rules import rule


@rule(
    over="dated_elections",
    severity=pl.when("is_listed").then(pl.lit("high")).otherwise(pl.lit("info")),
    clear_needs=("lists",),
    applies=pl.col("designated") & pl.col("kind").is_in(["enrol", "increase"]),
    silent=pl.col("is_open").is_null(),
    subject="election",
    severities=("info", "high"),
    because_by="shown",
    because={
        "window": "{program} {kind} on {elected_on}, when the window was closed.",
        "list": "{program} {kind} on {elected_on}, when the person stood on a project list.",
        "both": "{program} {kind} on {elected_on}, when the window was closed and the person stood on a project list.",
    },
    undecided="{program} {kind} on {elected_on}; whether the window was open is not known",
)
def election_review() -> pl.Expr:
    """An election at a closed window or on a project list.

    What counts: a designated person enrolled in a purchase programme, or raised the participation, outside an open window or while on a
    project list.
    Not seen: what the person knew.
    To review: 1. ask what prompted the election; 2. have counsel look at it where a project list is involved.
    """
    return ~pl.col("is_open") | pl.col("is_listed")
