"""Runs a draft policy over the data of another and says what it would change. Neither policy leaves anything in a store."""

from datetime import date
from pathlib import Path

from flows.night import PROGRAM
from flows.stages import Night, derive, judge_all, load_folder, policy_from, validate
from transforms.expectations import Validator
from transforms.policy import Policy
from transforms.reports.comparison import Side, comparison, in_words
from transforms.reports.people import People


def compare(data: Path, as_of: date, draft: Path, against: Path, out: Path) -> str:
    """The change in words; the page is written to `out`."""
    now = _judged(_loaded(data, as_of, policy_from(against)))
    proposed = policy_from(draft)
    same_issuer = proposed.tables["issuer"] == now.policy.tables["issuer"]
    then = _judged(Night(as_of, proposed, now.loaded) if same_issuer else _loaded(data, as_of, proposed))
    sides = Side(against.name, now.policy, now.found), Side(_told_apart(draft, against), then.policy, then.found)
    people = People(then.facts["people"], then.facts["roles"])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(comparison(as_of, *sides, people, PROGRAM), encoding="utf-8")
    return in_words(*sides, people)


def _told_apart(draft: Path, against: Path) -> str:
    """The draft's name, with its folder where both files have the same name."""
    return draft.name if draft.name != against.name else str(draft)


def _loaded(data: Path, as_of: date, policy: Policy) -> Night:
    night = load_folder(data, policy, as_of)
    validate(night, Validator(as_of))
    return night


def _judged(night: Night) -> Night:
    derive(night)
    judge_all(night)
    return night
