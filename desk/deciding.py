"""What a decision and a waiver must hold before they are written."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

DECISIONS = {
    "confirmed": "It happened as it stands, and the finding holds.",
    "no_concern": "It happened as it stands, and it needs nothing further.",
    "exempt": "An exemption covers it; name the evidence.",
    "data_error": "What is on record is wrong; say what is right.",
    "duplicate": "Another case is about the same; name it as evidence.",
    "policy_reading": "The policy is read otherwise here; say how.",
    "escalate": "Somebody above is to decide.",
    "wait": "Something is still to come; until which day?",
    "note": "Only a note; the case stays as it is.",
    "reopen": "Decided before; to be looked at once more.",
}
"""Every decision, and what it says."""
EVIDENCED = ("exempt", "duplicate")
"""Decisions that need a reference to evidence."""
LONGEST_WAIT = timedelta(days=366)
MOST = 4000
EARLIEST, LATEST = date(1990, 1, 1), date(2090, 12, 31)
"""Days that a form may name."""


def faults_of(form: Mapping[str, str], state: str, today: date) -> dict[str, str]:
    """What is missing from a decision, by field; empty where it can be written."""
    decision = form.get("decision", "")
    note, evidence = form.get("note", "").strip(), form.get("evidence", "").strip()
    faults: dict[str, str] = {}
    if decision not in DECISIONS:
        faults["decision"] = "Choose a decision."
    if decision == "reopen" and state not in {"closed", "waiting", "escalated"}:
        faults["decision"] = "The case is open; there is nothing to reopen."
    if not note and decision != "confirmed":
        faults["note"] = "Say why, in a sentence."
    if decision in EVIDENCED and not evidence:
        faults["evidence"] = "Name the evidence: a document, an e-mail, a case."
    if decision == "wait" and (fault := _until(form.get("until_on", ""), today)):
        faults["until_on"] = fault
    faults |= {name: f"Keep it below {MOST:,} characters." for name, text in (("note", note), ("evidence", evidence)) if len(text) > MOST}
    return faults


def _until(text: str, today: date) -> str:
    day = day_of(text)
    if day is None:
        return "Give a day, such as 2025-03-14."
    if day <= today:
        return "Give a day that is still to come."
    return "Give a day within a year." if day - today > LONGEST_WAIT else ""


def waiver_faults(form: Mapping[str, str], people: frozenset[str], rules: frozenset[str], kin: frozenset[str]) -> dict[str, str]:
    """What is missing from a waiver, by field. Nobody waives for themself, or for people tied to them."""
    faults: dict[str, str] = {}
    person = form.get("person_id", "")
    if person not in people:
        faults["person_id"] = "Name a person on record."
    elif person in kin:
        faults["person_id"] = "Nobody gives a waiver to themself or to people tied to them."
    if form.get("rule", "") not in rules:
        faults["rule"] = "Choose a rule."
    start, end = day_of(form.get("from_on", "")), day_of(form.get("until_on", ""))
    if start is None:
        faults["from_on"] = "Give the first day."
    if end is None or (start and end < start):
        faults["until_on"] = "Give the last day, not before the first: every waiver ends."
    elif start and end - start > LONGEST_WAIT:
        faults["until_on"] = "A waiver lasts a year at most; give an earlier day."
    reason = form.get("reason", "").strip()
    if not reason or len(reason) > MOST:
        faults["reason"] = f"Keep it below {MOST:,} characters." if reason else "Say why, in a sentence."
    return faults


def day_of(text: str) -> date | None:
    """A day as a form gives it, or nothing."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def place_of(text: str) -> int:
    """A place in the ledger as a form gives it; 0 where it is none."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0
