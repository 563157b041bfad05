"""The quarter that people attest: which one it is, who answers for what, and the night from which it is told."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from transforms.calendar import AROUND
from transforms.policy import Policy
from transforms.reports.people import Facts

STATEMENTS = {
    "policy_read": "I have read the policy and understand that it binds me and my Related Persons.",
    "accounts_complete": "The accounts listed here are all in which I or my Related Persons hold or trade securities.",
    "trades_complete": "The trades listed here are all that I and my Related Persons made, and each that had to be reported was reported.",
    "no_margin_or_pledge": "No Company Securities of mine or of my Related Persons were held on margin or pledged.",
    "no_derivatives": "I and my Related Persons neither held nor traded derivatives or hedges on Company Securities.",
}
"""What each covered person attests, by column of `attestations`."""


class QuarterError(Exception):
    """No quarter that can be attested is meant; the message is one sentence."""


@dataclass(frozen=True)
class Quarter:
    """A fiscal quarter: its name (`2024Q4`, the year being the fiscal year in which it ends), its days, and the day on which answers are due."""

    name: str
    starts_on: date
    ends_on: date
    due_on: date

    def holds(self, day: str) -> pl.Expr:
        """Whether a column of days lies in the quarter."""
        return pl.col(day).is_between(self.starts_on, self.ends_on)


@dataclass(frozen=True)
class Known:
    """What is known on a night: facts, findings as they are settled, cases with their decisions, and what could not be seen."""

    as_of: date
    policy: Policy
    facts: Facts
    findings: pl.DataFrame
    cases: pl.DataFrame
    blind_spots: pl.DataFrame
    refused: pl.DataFrame
    missing: frozenset[str]
    hidden: frozenset[str] = frozenset()
    """People whose contradicted answers are not told to the reader: themself, and those tied to them."""
    tied: frozenset[str] = frozenset()
    """People tied to the reader, of whose answers nothing is told to them."""


def quarters_until(policy: Policy, as_of: date) -> list[Quarter]:
    """Every quarter that has ended by a day, in order."""
    ends = policy.quarter_ends(*AROUND)
    return [_quarter(policy, before, end) for before, end in pairwise(ends) if end <= as_of]


def quarter_named(policy: Policy, name: str, as_of: date) -> Quarter:
    """The quarter of a name, or of its last day; of no name the newest that has ended. Raises QuarterError."""
    known = quarters_until(policy, as_of)
    found = [each for each in known if not name or name.upper() in {each.name, str(each.ends_on)}]
    if not found:
        near = f"{known[0].name} to {known[-1].name}" if known else "none"
        raise QuarterError(f"--quarter {name}: no fiscal quarter of that name has ended by {as_of}, expected one such as 2024Q4 ({near}). Give another one.")
    return found[-1]


def _quarter(policy: Policy, before: date, end: date) -> Quarter:
    due = policy.parameter("attestation.due_days").at(end) or 0
    return Quarter(_name(policy, end), before + timedelta(days=1), end, end + timedelta(days=due))


def _name(policy: Policy, end: date) -> str:
    """The fiscal year in which a quarter ends, and its place in it; a year of 52 or 53 weeks may end some days beside its month."""
    inside = end - timedelta(days=7)
    last_month = policy.fiscal_year_month
    year = inside.year + (inside.month > last_month)
    return f"{year}Q{4 - (last_month - inside.month) % 12 // 3}"
