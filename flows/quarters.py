"""After a night: certificates that late records reopened, and reminders to those who have not answered."""

import os
from datetime import date
from pathlib import Path

from desk.desk import Desk, on_record
from desk.ledger import Ledger
from desk.ledger.attesting import CERTIFICATE, of_kind, standing
from desk.quarterly import certified_quarters, gate_of, known_by, newest_quarters, note_reopening
from desk.reminders import escalation, is_escalated, is_reminded, reminder, unanswered
from desk.settings import Settings
from flows.ledger import SQLITE
from flows.mailbox import put
from flows.resources import Opened, text
from rules import every_rule
from transforms.reports.words import plural


def desk_over(store: Path, ledger_url: str) -> Desk:
    """The desk over the newest night, as far as mails and certificates need it."""
    return Desk(Settings(store, ledger_url, ""), Ledger(ledger_url), dict(every_rule()), text("policy_defaults.toml"), Opened())


def watch_certificates(store: Path, ledger_url: str) -> str:
    """Write down which certificates the newest night reopened; says so in a sentence, and never raises. Empty where none was."""
    if not ledger_url or (ledger_url.startswith(SQLITE) and not Path(ledger_url.removeprefix(SQLITE)).is_file()):
        return ""
    try:
        return _watched(desk_over(store, ledger_url))
    except Exception as error:  # noqa: BLE001 - a certificate never fails a night; that it was not looked at is said
        return f"certificates were not looked at ({type(error).__name__}); the desk shows how they stand"


def _watched(desk: Desk) -> str:
    events = desk.ledger.events()
    if not of_kind(events, CERTIFICATE):
        return ""
    known = known_by(desk.whole_sight(), desk.register)
    signed = [quarter for quarter in certified_quarters(known, events) if standing(events, quarter.ends_on).certificate]
    reopened = {quarter.name: len(note_reopening(desk.ledger, known, quarter, events)) for quarter in signed}
    told = [f"{name}: {plural(count, 'reason')}" for name, count in reopened.items() if count]
    return f"certificates reopened ({'; '.join(told)})" if told else ""


def put_reminders(desk: Desk, night: date, before: date | None) -> None:
    """Write the reminders of a night, and what supervisors are told; whoever has no user on the desk is told nothing."""
    url = os.environ.get("HINDSIGHT_URL", "")
    known = known_by(desk.whole_sight(), desk.register)
    users = {on_record(user.reader, known.facts["people"]): user.reader for user in desk.users.every() if user.is_active}
    users.pop(None, None)
    issuer, events = known.policy.issuer_name, desk.register.events
    for quarter in newest_quarters(known):
        if not (is_reminded(known, quarter, before) or is_escalated(known, quarter, before)):
            continue
        lacking = unanswered(gate_of(known, quarter, events))
        for each in lacking:
            if is_reminded(known, quarter, before) and (reader := users.get(each["person_id"])):
                put(desk.ledger, night, reader.user_id, reader.email, f"reminder {quarter.name}", reminder(quarter, issuer, url, known.as_of))
        for above in sorted({each["supervisor_id"] for each in lacking if each["supervisor_id"]}):
            if is_escalated(known, quarter, before) and (reader := users.get(above)):
                names = [each["name"] for each in lacking if each["supervisor_id"] == above]
                put(desk.ledger, night, reader.user_id, reader.email, f"escalation {quarter.name}", escalation(quarter, issuer, names))
