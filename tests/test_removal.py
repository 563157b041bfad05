"""What is taken away never clears a row that was not clear, and never flags one for want of data.

The book is every scenario that shares a run, so that each rule has rows of each outcome in it.
"""

from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.stages import judged_rules
from rules import outcomes
from tests.worlds import ROOT, run_together, scenarios_of
from transforms.facts import Derivation
from transforms.tables import NATIVE, TABLES

OPTIONAL = sorted(name for name in NATIVE if not TABLES[name].required)
GIVEN = ("policy", "sessions", "business_days", "as_of", "missing")
FINALS = 11
"""Final announcements of the scenarios' issuer."""
DECIDED = ["clear", "flagged", "exempt", "not_applicable"]


@cache
def whole() -> Derivation:
    night = run_together([each for each in scenarios_of(ROOT / "tests/scenarios") if not each.is_alone], settled=False)
    assert night.derived is not None
    return night.derived


@cache
def before() -> pl.DataFrame:
    return judged(whole())


def judged(derived: Derivation, only: set[str] | None = None) -> pl.DataFrame:
    """A row a rule and row that it examines, with its outcome."""
    said = [pl.DataFrame(schema={"outcome": pl.String, "rule": pl.String, "row": pl.String, "reason": pl.String, "kind": pl.String})]
    for name, rule in judged_rules(derived["policy"]).items():
        if only is not None and name not in only:
            continue
        told = outcomes(rule, derived[rule.over], derived["policy"], derived["as_of"], derived["missing"])
        names = [rule.person, rule.subject, *(["trade_id"] if rule.subject == "root_id" and "trade_id" in told.columns else [])]
        key = pl.concat_str([pl.col(each).cast(pl.String).fill_null("nobody") for each in names], separator=" ")
        shown = {each: (pl.col(each) if each in told.columns else pl.lit(None)).cast(pl.String) for each in ("reason", "kind")}
        said.append(told.select("outcome", rule=pl.lit(name), row=key, **shown))
    examined_first = pl.concat(said).sort(pl.col("outcome") == "not_applicable", maintain_order=True)  # a trade stands once for each kind of list
    return examined_first.unique(["rule", "row"], keep="first", maintain_order=True)


def without(tables: frozenset[str] = frozenset(), accounts: pl.Series | None = None, announcements: pl.Series | None = None) -> pl.DataFrame:
    """Outcomes of the book less some tables, some accounts of the roster and some announcements."""
    return judged(derivation(tables, accounts, announcements))


def derivation(tables: frozenset[str] = frozenset(), accounts: pl.Series | None = None, announcements: pl.Series | None = None) -> Derivation:
    """The book less some tables, some accounts of the roster and some announcements."""
    base = whole()
    given = {name: base[name] for name in (*TABLES, *GIVEN)} | {name: base[name].clear() for name in tables}
    given["missing"] = base["missing"] | tables
    for name, gone in (("accounts", accounts), ("announcements", announcements)):
        if gone is not None:
            key = TABLES[name].key[0]
            given[name] = given[name].filter(~pl.col(key).is_in(gone.implode()))
    return Derivation(**given)


def turned(after: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Rows that now are decided, or outside the rule, and were something else; or were not there and now are flagged."""
    both = after.join(earlier, on=["rule", "row"], how="left", suffix="_before")
    other = pl.col("outcome_before").is_not_null() & (pl.col("outcome") != pl.col("outcome_before")) & pl.col("outcome").is_in(DECIDED)
    new = pl.col("outcome_before").is_null() & (pl.col("outcome") == "flagged")
    return both.filter(other | new)


def allowed() -> pl.Expr:
    """What may appear: a late line of a form stands for itself where its trade is gone, and says so with its own dates; a
    transaction on a form that no account of the roster shows contradicts that all accounts were listed; a small purchase of which
    nobody knows any more whether its report may wait is not missing where a form reports it.
    """
    line = (pl.col("rule") == "form4_late") & pl.col("outcome_before").is_null()
    unlisted = (pl.col("rule") == "attestation_contradicted") & pl.col("row").str.ends_with("accounts_complete")
    small = (pl.col("rule") == "form4_missing") & (pl.col("kind") == "buy") & (pl.col("outcome") == "clear") & (pl.col("outcome_before") == "not_applicable")
    return line | unlisted | small.fill_null(value=False)


@pytest.mark.parametrize("table", OPTIONAL)
def test_a_missing_table_decides_nothing(table: str) -> None:
    assert turned(without(frozenset({table})), before()).filter(~allowed()).to_dicts() == []


@pytest.mark.parametrize("start", [0, 1])
def test_an_account_off_the_roster_decides_nothing(start: int) -> None:
    """Whose it is stays open: every second account of the roster is taken away, then the others."""
    assert turned(without(accounts=every_second(start)), before()).filter(~allowed()).to_dicts() == []


def every_second(start: int) -> pl.Series:
    return whole()["accounts"]["account_id"].unique().sort().gather_every(2, start)


def test_the_book_has_rows_to_lose() -> None:
    flagged = set(before().filter(pl.col("outcome") == "flagged")["rule"])
    assert set(judged_rules(whole()["policy"])) - flagged == set()


def finals() -> list[str]:
    return whole()["announcements"].filter(pl.col("kind") == "final")["announcement_id"].sort().to_list()


@cache
def before_without(gone: tuple[str, ...]) -> pl.DataFrame:
    return without(announcements=pl.Series(gone, dtype=pl.String))


@settings(max_examples=8)
@given(tables=st.sets(st.sampled_from(OPTIONAL), max_size=3), every=st.integers(2, 9), start=st.integers(0, 8), lost=st.booleans())
def test_removing_inputs_at_random_decides_nothing(tables: set[str], every: int, start: int, lost: bool) -> None:  # noqa: FBT001 - a drawn example
    """Tables and accounts together, from a book with all its announcements or one that has lost some."""
    accounts = whole()["accounts"]["account_id"].unique().sort().gather_every(every, start % every)
    gone = tuple(finals()[start % every :: every]) if lost else ()
    after = without(frozenset(tables), accounts, pl.Series(gone, dtype=pl.String))
    assert turned(after, before_without(gone)).filter(~allowed()).to_dicts() == []


def test_every_final_announcement_is_taken_away_in_turn() -> None:
    assert len(finals()) == FINALS


@pytest.mark.parametrize("final", range(FINALS))
def test_a_quarter_that_lost_its_announcement_says_so(final: int) -> None:
    """A table of announcements is complete by contract: a quarter whose final one is gone has none on record, and its window is
    closed. Rows of the window are flagged with that reason and no other, and a gift that a sale in it follows is tested.
    """
    said = turned(before_without((finals()[final],)), before()).filter(~allowed() & ~(pl.col("kind") == "gift_out").fill_null(value=False))
    of_the_window = pl.col("rule").is_in(["window_closed", "automatic_purchase_review", "election_review", "clearance_window_unsound"])
    assert said.filter(~(of_the_window & (pl.col("outcome") == "flagged"))).to_dicts() == []
    assert set(said.filter(pl.col("rule") == "window_closed")["reason"]) <= {"no_announcement", "preliminary_only"}
