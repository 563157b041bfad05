"""Accounts that statements show, the roster lacks, and a clearance ties to someone."""

import polars as pl


def undeclared_accounts(
    executions: pl.DataFrame, holdings: pl.DataFrame, accounts: pl.DataFrame, clearances: pl.DataFrame, clearance_parties: pl.DataFrame, circles: pl.DataFrame
) -> pl.DataFrame:
    """One row an account off the roster, day with a trade or holding, and person: whoever asked for, or is covered by, a
    clearance that names the account, and the insiders whose Related Persons these are on the day.
    """
    seen = pl.concat([executions.select("account_id", on="traded_on"), holdings.select("account_id", on="held_on")]).unique()
    off_roster = seen.join(accounts, on="account_id", how="anti")
    named = clearances.filter(pl.col("account_id").is_not_null()).select("clearance_id", "account_id")
    asked = named.join(clearance_parties, on="clearance_id").select("account_id", named="party").unique()
    holders = off_roster.join(asked, on="account_id")
    related = circles.filter((pl.col("circle") == "related") & pl.col("is_certain"))
    around = holders.join(related, left_on="named", right_on="related_id").filter(
        (pl.col("from_on") <= pl.col("on")) & (pl.col("until_on").is_null() | (pl.col("on") <= pl.col("until_on")))
    )  # fmt: skip
    return (
        pl.concat([holders.select("account_id", "on", person_id="named"), around.select("account_id", "on", "person_id")])
        .unique()
        .sort("account_id", "on", "person_id")
    )
