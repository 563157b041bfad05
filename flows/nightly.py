"""The nightly flow: load → validate → derive → judge → settle → report, a Prefect task each, one task a rule."""

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "CRITICAL")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")

import polars as pl
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import resources
from flows.outputs import folder_at_once, write_record, write_tables
from flows.progress import Progress
from flows.stages import Night, derive, failed, judge, judged_rules, load_folder, policy_from, settle_findings, validate
from flows.store import Store
from rules import Judgement, Rule, every_rule
from transforms.expectations import Validator

PROGRAM = "0.1.0"


@flow(name="nightly", validate_parameters=False, log_prints=False)
def nightly(data: str, as_of: str | None = None, store: str = "hindsight.duckdb", out: str = "", policy: str = "") -> dict[str, Any]:
    """Judge every trade against every clause and write the exception report.

    `as_of` is the night, today in New York where none is given (as a schedule gives none). Returns a summary. A rule that
    raises is red on its own, becomes a blind spot and does not stop the others.
    """
    day = date.fromisoformat(as_of) if as_of else _today()
    folder, output = Path(data), Path(out or f"out/{day}")
    policy_path = Path(policy) if policy else folder / "policy.toml"
    started = datetime.now(UTC)
    progress = Progress()
    with Store(Path(store)) as held:
        progress.say(f"load      {folder}")
        night: Night = _as_task(load_folder, "load")(folder, policy_from(policy_path), day)
        progress.say(f"validate  {sum(map(len, night.loaded.tables.values())):,} rows")
        validator = Validator(day)
        _as_task(validate, "validate")(night, validator)
        progress.say("derive    facts")
        _as_task(derive, "derive")(night)
        rules = judged_rules(night.policy)
        progress.say(f"judge     {len(rules)} rules")
        _judge_all(night, rules)
        progress.say("settle    findings against the night before")
        _as_task(settle_findings, "settle")(night, held.findings_before(day))
        progress.say(f"report    {output}")
        record = _record(night, policy_path, started)
        _as_task(_report, "report")(night, held, output, validator, record, policy_path)
    return _summary(night, output)


def _as_task(stage: Callable[..., Any], name: str) -> Any:
    """A stage as a task of its own: nothing of it is cached or kept by the scheduler."""
    return task(name=name, cache_policy=NO_CACHE, persist_result=False, log_prints=False)(stage)


def _today() -> date:
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("America/New_York")).date()


def _judge_all(night: Night, rules: dict[str, Rule]) -> None:
    """One task a rule; facts are derived before, so that none is made twice."""
    for name, rule in rules.items():
        state = _as_task(judge, name)(night, rule, return_state=True)
        if state.is_completed():
            judgement: Judgement = state.result()
            night.judgements[name] = judgement
        else:
            failed(night, rule, _error_of(state))


def _error_of(state: Any) -> BaseException:
    error = state.result(raise_on_failure=False)
    return error if isinstance(error, BaseException) else RuntimeError(str(error))


def _report(night: Night, store: Store, out: Path, validator: Validator, record: dict[str, Any], policy_path: Path) -> None:
    """The output folder in one step, then the store in one transaction; a run that is killed in between is run again."""
    from transforms.reports import render

    with folder_at_once(out) as fresh:
        write_tables(night, fresh)
        validator.write_docs(str(fresh / "data_docs"))
        (fresh / "report.html").write_text(render(_material(night, record)), encoding="utf-8")
        write_record(record | {"finished": datetime.now(UTC).isoformat()}, fresh)
    run = pl.DataFrame({"program": [PROGRAM], "policy": [policy_path.read_text(encoding="utf-8")], "record": [""]})
    kept = {"findings": night.findings, "verdicts": night.verdicts, "blind_spots": night.blind_spots, "runs": run}
    store.keep(night.as_of, night.loaded.tables, kept)


def _material(night: Night, record: dict[str, Any]) -> Any:
    from transforms.reports import Material

    derived = night.derived
    if derived is None:
        raise RuntimeError("the night has no facts yet, expected `derive` before")
    return Material(
        as_of=night.as_of, policy=night.policy, findings=night.findings, cases=night.cases, verdicts=night.verdicts, blind_spots=night.blind_spots,
        quarantine=night.loaded.refused, rules=dict(every_rule()), facts=derived, counts=night.loaded.counts,
        program=str(record["program"]), calendar=str(record["calendar"]),
    )  # fmt: skip


def _record(night: Night, policy_path: Path, started: datetime) -> dict[str, Any]:
    """What went in: counts, hashes, versions. Times of day stand here alone."""
    sessions, _ = resources.calendars(night.policy.exchange)
    rules = {name: hashlib.sha256(Path(rule.judge.__code__.co_filename).read_bytes()).hexdigest() for name, rule in every_rule().items()}
    return {
        "as_of": str(night.as_of),
        "started": started.isoformat(),
        "tables": night.loaded.counts,
        "inputs": night.loaded.hashes,
        "policy": hashlib.sha256(policy_path.read_bytes()).hexdigest(),
        "rules": rules,
        "calendar": f"exchange_calendars {sessions.version} {night.policy.exchange}",
        "calendar_files": {name: resources.sha256(name) for name in ("session_corrections.csv", "business_day_closures.csv")},
        "program": PROGRAM,
    }


def _summary(night: Night, out: Path) -> dict[str, Any]:
    standing = night.findings.filter(pl.col("state") != "withdrawn")
    return {
        "report": str(out / "report.html"),
        "flagged": len(standing.filter(pl.col("outcome") == "flagged")),
        "undecided": len(standing.filter(pl.col("outcome") == "undecided")),
        "new": len(standing.filter(pl.col("state") == "new")),
        "severities": dict(standing.group_by("severity").len().rows()),
        "blind_spots": len(night.blind_spots),
        "quarantined": len(night.loaded.refused),
    }
