"""What is planted: people, trades, clearances and the labels of findings."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

SIDES = {"sell": "sell", "short_sell": "sell", "sell_to_cover": "sell", "buy": "buy", "cover": "buy", "gift_out": "gift"}
ACQUIRED = {"buy", "cover", "grant", "exercise_cash", "exercise_net", "stock_in_lieu_purchase"}
CODES = {
    "buy": "P", "cover": "P", "sell": "S", "short_sell": "S", "sell_to_cover": "S", "gift_out": "G", "grant": "A", "tax_withholding": "F",
    "exercise_cash": "M", "exercise_net": "M", "stock_in_lieu_purchase": "A",
}  # fmt: skip
INSIDERS = {"director", "executive_officer", "ten_percent_holder"}
SUBJECT = {*INSIDERS, "ceo", "president"}
"""Roles that make a Section 16 person; a chief executive and a president are executive officers."""
OFFICERS = ("other_officer", "general_manager")


class Label(NamedTuple):
    """A finding that must come out."""

    rule: str
    person_id: str
    subject: str
    outcome: str = "flagged"


@dataclass(frozen=True)
class Person:
    """A person with an account of their own."""

    id: str
    roles: tuple[str, ...]
    account: str

    @property
    def is_insider(self) -> bool:
        return bool(INSIDERS.intersection(self.roles))


@dataclass(frozen=True)
class Trade:
    """A trade as planted."""

    id: str
    holder: Person
    kind: str
    symbol: str
    quantity: int
    price: str | None
    day: date
    clock: str | None


@dataclass(frozen=True)
class Clearance:
    """A clearance as planted."""

    id: str
    decided_by: str | None
