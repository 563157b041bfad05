"""Cases: the findings of one person on one matter, and the reviews of them."""

import polars as pl

SEVERITIES = ("critical", "high", "medium", "low", "info")
"""From the gravest to the lightest."""


def cases(findings: pl.DataFrame, reviews: pl.DataFrame) -> pl.DataFrame:
    """One row a person and matter: when it was opened, how many findings stand, the gravest severity, the last review.

    state: open, reviewed, reopened (known at the last review and changed since) or withdrawn (nothing stands any more).
    """
    rank = pl.col("severity").replace_strict({name: n for n, name in enumerate(SEVERITIES)}, return_dtype=pl.Int64)
    standing = pl.col("state") != "withdrawn"
    grouped = findings.with_columns(case_id=pl.concat_str(["person_id", "matter"], separator="/"), rank=rank).group_by("case_id").agg(
        pl.col("person_id").first(), subject=pl.col("matter").first(), opened_on=pl.col("first_seen_on").min(), findings=standing.sum().cast(pl.Int64),
        rank=pl.when(standing.any()).then(pl.col("rank").filter(standing).min()).otherwise(pl.col("rank").min()), changed_on=pl.col("changed_on").max(),
    )  # fmt: skip
    last = (
        reviews.sort("reviewed_at", "review_id")
        .group_by("case_id")
        .agg(decision=pl.col("decision").last(), decided_by=pl.col("reviewed_by").last(), decided_at=pl.col("reviewed_at").last())
    )
    joined = grouped.join(last, on="case_id", how="left")
    reviewed = pl.col("decided_at").is_not_null()
    known_then = pl.col("opened_on") <= pl.col("decided_at").dt.date()
    state = (
        pl.when(pl.col("findings") == 0).then(pl.lit("withdrawn"))
        .when(reviewed & known_then & (pl.col("changed_on") > pl.col("decided_at").dt.date())).then(pl.lit("reopened"))
        .when(reviewed).then(pl.lit("reviewed"))
        .otherwise(pl.lit("open"))
    )  # fmt: skip
    severity = pl.col("rank").replace_strict(dict(enumerate(SEVERITIES)), return_dtype=pl.String)
    return joined.select(
        "case_id", "person_id", "subject", "opened_on", state.alias("state"), "findings", severity.alias("severity"), "decision", "decided_by", "decided_at"
    ).sort("case_id")
