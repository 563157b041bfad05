"""Records that speak against a statement of an attestation."""

import polars as pl

from transforms.policy import Policy

SHOWN = ["person_id", "statement", "on", "what", "shown"]


def contradictions(
    margin_positions: pl.DataFrame, pledged_positions: pl.DataFrame, derivative_holdings: pl.DataFrame, derivative_trades: pl.DataFrame,
    undeclared_accounts: pl.DataFrame, unexplained_lines: pl.DataFrame, unreported_trades: pl.DataFrame, policy: Policy,
    missing: frozenset[str],
) -> pl.DataFrame:  # fmt: skip
    """One row a record: whose, the statement that it speaks against, its day, `what`, its id, and `shown`, the same in words.

    Source: company practice; what counts as margin, pledge, derivative or report is as the policy's clauses say.
    """
    bound = pl.col("is_bound") & pl.col("person_id").is_not_null()
    scope = "designated" if policy.reads("report.scope", "designated") else "section_16"
    barred = derivative_trades.filter(bound & pl.col("is_company_derivative") & (pl.col("is_option_dealing") | _opens_a_hedge()))
    untraded = pl.col("sec_code").is_in(["P", "S"]) & ~pl.col("is_traded") & pl.lit(not missing.intersection(("trades", "relations", "corporate_actions")))
    unreported = pl.col("sec_code").is_in(["P", "S", "G"]) & pl.col(scope) & ~pl.col("is_reported")
    logged = pl.lit(not missing.intersection(("reports", "corporate_actions")))
    return pl.concat([
        _shown(margin_positions.filter(pl.col("counts")), "no_margin_or_pledge", "occurred_on", pl.col("account_id"), _margin()),
        _shown(pledged_positions.filter(bound & pl.col("secures")), "no_margin_or_pledge", "held_on", pl.col("account_id"), pl.format("a pledge in account {}", "account_id")),
        _shown(barred, "no_derivatives", "traded_on", pl.col("root_id"), pl.format("trade {}", "root_id")),
        _shown(derivative_holdings.filter(bound & pl.col("is_barred")), "no_derivatives", "held_on", pl.format("{}:{}", "account_id", "symbol"), pl.format("a holding of {} in account {}", "symbol", "account_id")),
        _shown(undeclared_accounts, "accounts_complete", "on", pl.col("account_id"), pl.format("account {}, which the roster lacks", "account_id")),
        _shown(unexplained_lines.filter(untraded), "accounts_complete", "traded_on", _line(), pl.format("line {} of a form, which no account on the roster shows", _line())),
        _shown(unreported_trades.filter(logged), "trades_complete", "traded_on", pl.col("root_id"), pl.format("trade {} without a report", "root_id")),
        _shown(unexplained_lines.filter(unreported & logged), "trades_complete", "traded_on", _line(), pl.format("line {} of a form without a report", _line())),
    ]).unique().sort(SHOWN)  # fmt: skip


def _opens_a_hedge() -> pl.Expr:
    return pl.col("is_hedge") & ~pl.col("reduces").fill_null(value=False)


def _line() -> pl.Expr:
    return pl.format("{}:{}", "accession", "line")


def _margin() -> pl.Expr:
    position = pl.format("a margin position in account {}", "account_id")
    return pl.when(pl.col("shown_as") == "margin_position").then(position).otherwise(pl.format("account {} with margin enabled", "account_id"))


def _shown(rows: pl.DataFrame, statement: str, on: str, what: pl.Expr, shown: pl.Expr) -> pl.DataFrame:
    return rows.select("person_id", statement=pl.lit(statement), on=pl.col(on), what=what.cast(pl.String), shown=shown)
