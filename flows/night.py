"""A night from folder to report, whoever runs the stages: Prefect, or a test."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from flows import resources
from flows.ledger import read_ledger
from flows.outputs import check_free, folder_at_once, write_record, write_tables
from flows.progress import Progress
from flows.publish import publish
from flows.stages import Night, derive, failed, judge, judged_rules, load_folder, policy_from, settle_findings, validate
from flows.store import Store
from rules import Judgement, every_rule
from transforms.cases import STANDS
from transforms.reports import Material, render
from transforms.reports.people import People
from transforms.reports.section_16 import render_item_405

PROGRAM = "0.1.0"
KEPT = ("tables", "inputs", "policy", "rules", "calendar", "calendar_files", "program")
"""What of the run's record the store keeps: all but times of day."""
Staged = Callable[[Callable[..., Any], str], Callable[..., Any]]
"""Makes of a stage and its name what runs it."""


class Validates(Protocol):
    """What validates batches and writes its docs."""

    def validate(self, table: str, batch: pl.DataFrame, people: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Rows that pass, and refusals."""

    def write_docs(self, folder: str) -> None:
        """Write the docs of what was validated."""


@dataclass(frozen=True)
class Asked:
    """What a run was asked for."""

    data: Path
    as_of: date
    store: Path
    out: Path
    policy: Path
    ledger: str = ""


def run_night(asked: Asked, staged: Staged, validator: Callable[[date], Validates]) -> dict[str, Any]:
    """Run the stages in order and return a summary. The store is held all the while; it and the output change at the end."""
    started, progress = datetime.now(UTC), Progress()
    check_free(asked.out)
    with Store(asked.store) as store:
        night, checks = judged_night(asked, staged, validator, store, progress)
        progress.say(f"report    {asked.out}")
        staged(_report, "report")(night, store, asked, checks, started)
    return _summary(night, asked.out)


def judged_night(asked: Asked, staged: Staged, validator: Callable[[date], Validates], store: Store, progress: Progress) -> tuple[Night, Validates]:
    """The stages up to settled findings; nothing is written."""
    progress.say(f"load      {asked.data}")
    night: Night = staged(load_folder, "load")(asked.data, policy_from(asked.policy), asked.as_of)
    progress.say(f"validate  {sum(map(len, night.loaded.tables.values())):,} rows")
    if asked.ledger:
        read_ledger(night, asked.ledger)
    checks = validator(asked.as_of)
    staged(validate, "validate")(night, checks)
    progress.say("derive    facts")
    staged(derive, "derive")(night)
    _judge_all(night, staged, progress)
    progress.say("settle    findings against the night before")
    staged(settle_findings, "settle")(night, store.findings_before(asked.as_of))
    return night, checks


def _judge_all(night: Night, staged: Staged, progress: Progress) -> None:
    """One stage a rule; one that raises is red on its own, becomes a blind spot and does not stop the others."""
    rules = judged_rules(night.policy)
    progress.say(f"judge     {len(rules)} rules")
    for name, rule in rules.items():
        try:
            judgement: Judgement = staged(judge, name)(night, rule)
        except Exception as error:  # noqa: BLE001 - whatever a rule raises, the others go on
            failed(night, rule, error)
            progress.say(f"          {name} raised {type(error).__name__}; its rows are undecided")
        else:
            night.judgements[name] = judgement


def _report(night: Night, store: Store, asked: Asked, checks: Validates, started: datetime) -> None:
    """The output folder in one step, then the store in one transaction; a run that is killed in between is run again."""
    record = _record(night, asked.policy, started)
    with folder_at_once(asked.out) as fresh:
        write_tables(night, fresh)
        checks.write_docs(str((fresh / "data_docs").resolve()))
        (fresh / "item_405.html").write_text(_late_filers(night, record), encoding="utf-8")
        (fresh / "report.html").write_text(render(_material(night, record)), encoding="utf-8")
        write_record({**record, "finished": datetime.now(UTC).isoformat()}, fresh)
    told = json.dumps({"missing": sorted(night.loaded.missing), **{name: record[name] for name in KEPT}}, sort_keys=True)
    run = pl.DataFrame({"program": [PROGRAM], "policy": [asked.policy.read_bytes().decode("utf-8")], "record": [told]})
    contested = night.otherwise.filter(pl.col("here").is_not_null())
    kept = {
        "findings": night.findings,
        "verdicts": night.verdicts,
        "blind_spots": night.blind_spots,
        "otherwise": contested,
        "quarantine": night.loaded.refused,
        "runs": run,
    }
    store.keep(night.as_of, night.loaded.tables, kept)
    publish(night, asked.store, asked.policy.name, {"program": PROGRAM, "calendar": record["calendar"], "started": str(record["started"])}, store.history())


def _material(night: Night, record: dict[str, Any]) -> Material:
    return Material(
        as_of=night.as_of, policy=night.policy, findings=night.findings, cases=night.cases, verdicts=night.verdicts, blind_spots=night.blind_spots,
        quarantine=night.loaded.refused, rules=dict(every_rule()), facts=night.facts, counts=night.loaded.counts,
        program=str(record["program"]), calendar=str(record["calendar"]), otherwise=night.otherwise, near=night.near, late=night.late, waivers=night.waivers, barred=night.barred,
    )  # fmt: skip


def _late_filers(night: Night, record: dict[str, Any]) -> str:
    people = People(night.facts["people"], night.facts["roles"])
    return render_item_405(night.late, people, night.policy, night.as_of, str(record["program"]))


def _record(night: Night, policy: Path, started: datetime) -> dict[str, Any]:
    """What went in: counts, hashes, versions. Times of day stand here alone."""
    sessions, _ = resources.calendars(night.policy.exchange)
    rules = {name: hashlib.sha256(Path(rule.judge.__code__.co_filename).read_bytes()).hexdigest() for name, rule in every_rule().items()}
    return {
        "as_of": str(night.as_of),
        "started": started.isoformat(),
        "tables": night.loaded.counts,
        "inputs": night.loaded.hashes,
        "policy": hashlib.sha256(policy.read_bytes()).hexdigest(),
        "rules": rules,
        "calendar": f"exchange_calendars {sessions.version} {night.policy.exchange}",
        "calendar_files": {name: resources.sha256(name) for name in ("session_corrections.csv", "business_day_closures.csv")},
        "program": PROGRAM,
    }


def _summary(night: Night, out: Path) -> dict[str, Any]:
    standing = night.findings.filter(STANDS)
    flagged = standing.filter(pl.col("outcome") == "flagged")
    return {
        "report": str(out / "report.html"),
        "flagged": len(flagged),
        "undecided": len(standing) - len(flagged),
        "new": len(standing.filter(pl.col("state") == "new")),
        "severities": dict(standing.group_by("severity").len().rows()),
        "blind_spots": len(night.blind_spots),
        "quarantined": len(night.loaded.refused),
    }
