"""What whoever has not answered is told, and their supervisor: that an answer is due, and nothing of what is on record."""

from datetime import date, timedelta
from typing import Any

from desk.digest import Digest
from transforms.attesting import Known, Quarter
from transforms.attesting.gate import Gate
from transforms.reports.words import day, plural


def invitation(quarter: Quarter, issuer: str, url: str) -> Digest:
    """What a person is told when their packet is there."""
    said = f"Your attestation for {quarter.name} ({day(quarter.starts_on)} to {day(quarter.ends_on)}) is there to answer, by {day(quarter.due_on)}."
    return Digest(f"{issuer}: attestation for {quarter.name}, due {day(quarter.due_on)}", _letter(said, quarter, url))


def reminder(quarter: Quarter, issuer: str, url: str, as_of: date) -> Digest:
    """What a person is told who has not answered."""
    late = as_of > quarter.due_on
    said = f"Your attestation for {quarter.name} {'was' if late else 'is'} due on {day(quarter.due_on)}; no answer is on record."
    return Digest(f"{issuer}: attestation for {quarter.name}, {'was' if late else 'is'} due {day(quarter.due_on)}", _letter(said, quarter, url))


def escalation(quarter: Quarter, issuer: str, names: list[str]) -> Digest:
    """What a supervisor is told of the people who report to them and have not answered."""
    listed = "\n".join(f"  {name}" for name in names)
    said = f"Attestations for {quarter.name} were due on {day(quarter.due_on)}. No answer is on record of {plural(len(names), 'person', 'people')} who report to you:\n\n{listed}\n"
    return Digest(f"{issuer}: {plural(len(names), 'attestation')} for {quarter.name} not answered", f"{said}\nPlease ask them to answer.\n")


def _letter(said: str, quarter: Quarter, url: str) -> str:
    place = f"{url.rstrip('/')}/attestation/{quarter.name}" if url else "The desk, under My attestation."
    return f"{said}\n\n{place}\n\nOn the desk nobody but you can open it and answer it.\n"


def unanswered(gate: Gate) -> list[dict[str, Any]]:
    """Those who were asked and have not answered."""
    return [each for each in gate.answers if each["sent_on"] is not None and each["answered_on"] is None]


def is_reminded(known: Known, quarter: Quarter, before: date | None) -> bool:
    """Whether reminders go since the night before: some days before the due day, the day after it, and every so many days from then on."""
    ahead, every = (known.policy.parameter(f"attestation.{name}").at(quarter.ends_on) or 0 for name in ("remind_before", "remind_every"))
    passed = _passed(known.as_of, before)
    days_late = [(each - quarter.due_on).days for each in passed]
    return any(late == -ahead or (late > 0 and (late - 1) % max(every, 1) == 0) for late in days_late)


def is_escalated(known: Known, quarter: Quarter, before: date | None) -> bool:
    """Whether supervisors are told since the night before."""
    after = known.policy.parameter("attestation.escalate_after").at(quarter.ends_on) or 0
    return quarter.due_on + timedelta(days=after) in _passed(known.as_of, before)


def _passed(as_of: date, before: date | None) -> list[date]:
    """The days since the night before, the night's own among them; a month at most."""
    first = max(before or as_of - timedelta(days=1), as_of - timedelta(days=31))
    return [first + timedelta(days=n) for n in range(1, (as_of - first).days + 1)]
