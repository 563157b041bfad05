"""Small worlds with known endings: reads scenario files, runs them through the night's own stages, compares.

Many scenarios share one run: each has a prefix of its own before its ids. Those that change what all share (the
issuer's announcements, the policy, the as-of date, missing files) have a run of their own.
"""

import copy
import csv
import io
import json
import tempfile
import tomllib
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import polars as pl
import yaml

from flows.resources import text
from flows.stages import Night, derive, judge_all, load_folder, settle_findings
from flows.store import FINDINGS
from rules import every_rule
from tests.runner import without_readings
from transforms.policy import Policy, read_policy
from transforms.tables import NATIVE, TABLES

ROOT = Path(__file__).parent.parent
SAMPLE_POLICY = ROOT / "data/sample/policy.toml"
IDS = {
    "person_id", "related_id", "holder_id", "supervisor_id", "account_id", "trade_id", "order_id", "clearance_id", "covers", "decided_by",
    "approved_by", "plan_id", "list_id", "report_id", "accession", "amends", "recipient_id", "reported_by", "about_id", "escalation_id",
    "review_id", "case_id", "reviewed_by",
}  # fmt: skip
CAST_BY = {"people": ["person_id"], "roles": ["person_id"], "relations": ["person_id", "related_id"], "accounts": ["holder_id"], "filings": ["person_id"]}
DATED = {"announcements": "announced_on", "periodic_filings": "accepted_at", "corporate_actions": "ex_on"}
SHARED_BY_ALL = {"announcements", "periodic_filings", "corporate_actions", "securities"}
Rows = dict[str, list[dict]]


@dataclass
class Scenario:
    """A scenario of a file, with what the file says of all of them."""

    said: dict
    fixture: dict
    family: dict
    prefix: str = ""

    @property
    def name(self) -> str:
        return f"{self.said.get('id', self.family['stem'])}: {self.said['name']}"

    @property
    def as_of(self) -> date:
        return date.fromisoformat(str(self.said.get("as_of", self.fixture["as_of"])))

    @property
    def is_alone(self) -> bool:
        special = {"absent", "remove", "nights", "policy", "check", "expect_exit", "as_of", "expect_windows", "expect_verdicts", "expect_quarantine"}
        given = self.said.get("given") or {}
        for_everyone = any(row.get("person_id") == "*" for row in given.get("lists", []))
        return bool(special & set(self.said)) or bool(SHARED_BY_ALL & set(given)) or for_everyone

    @property
    def only_rules(self) -> set[str]:
        return set(self.said.get("only_rules") or self.family.get("only_rules") or every_rule())


def scenarios_of(folder: Path, fixture: str = "fixture.yaml") -> list[Scenario]:
    """Every scenario of a folder; prefixes make their ids their own."""
    world = yaml.safe_load((folder / fixture).read_text(encoding="utf-8"))
    found = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name == fixture:
            continue
        family = yaml.safe_load(path.read_text(encoding="utf-8"))
        family["stem"] = path.stem
        for said in family.pop("scenarios"):
            found.append(Scenario(said, world, family, f"x{len(found):03d}"))
    return found


def rows_of(scenario: Scenario, nights: int = 0) -> Rows:
    """The rows of a scenario's world, by table, before its ids get their prefix."""
    said, fixture, cast = scenario.said, scenario.fixture, set(scenario.said.get("cast", []))
    as_of = str(said["nights"][nights - 1]["as_of"]) if nights else str(scenario.as_of)
    rows = {name: _cast(name, copy.deepcopy(given), cast, fixture, as_of) for name, given in fixture["rows"].items()}
    for name, what in (said.get("remove") or {}).items():
        rows[name] = [] if what == "all" else [row for row in rows[name] if not any(_agrees(row, each) for each in what)]
    for given in [said.get("given") or {}, *(night["given"] for night in said.get("nights", [])[:nights])]:
        for name, added in given.items():
            for row in added:
                _put(rows.setdefault(name, []), name, _from_template(row, name, fixture))
    for name in NATIVE:
        rows.setdefault(name, [])
    return {name: each for name, each in rows.items() if name not in said.get("absent", [])}


def _cast(name: str, rows: list[dict], cast: set[str], fixture: dict, as_of: str) -> list[dict]:
    if name in CAST_BY:
        return [row for row in rows if all(row[column] in cast for column in CAST_BY[name])]
    if name == "holdings":
        held = {row["account_id"] for row in fixture["rows"]["accounts"] if row["holder_id"] in cast}
        return [row for row in rows if row["account_id"] in held]
    return [row for row in rows if str(row[DATED[name]])[:10] <= as_of] if name in DATED else rows


def _agrees(row: dict, wanted: dict) -> bool:
    return all(str(row.get(key)) == str(value) for key, value in wanted.items())


def _from_template(row: dict, name: str, fixture: dict) -> dict:
    row = dict(row)
    return {**fixture["templates"][name][row.pop("use")], **row} if "use" in row else row


def _put(rows: list[dict], name: str, row: dict) -> None:
    """A row with the key of a fixture row changes the columns that it names; every other row is added."""
    key = {column: row.get(column) for column in TABLES[name].key}
    for old in rows:
        if "_given" not in old and _agrees(old, key):
            old.update(row)
            return
    rows.append({**row, "_given": True})


def prefixed(rows: Rows, prefix: str) -> Rows:
    """Rows with ids of their own."""

    def own(column: str, value: object) -> object:
        if column not in IDS or value in {None, "*", ""}:
            return value
        parts = str(value).split(";") if column == "covers" else [str(value)]
        if column == "case_id":
            return "/".join(f"{prefix}{part}" for part in str(value).split("/", 1))
        return ";".join(f"{prefix}{part}" for part in parts)

    return {name: [{column: own(column, value) for column, value in row.items()} for row in each] for name, each in rows.items()}


def write_folder(rows: Rows, folder: Path, policy: dict | None = None) -> None:
    """A data folder: a CSV for each table, and the sample's policy with changes."""
    for name, each in rows.items():
        (folder / f"{name}.csv").write_text(csv_text(name, each), encoding="utf-8")
    (folder / "policy.toml").write_text(policy_text(policy or {}), encoding="utf-8")


def csv_text(name: str, rows: list[dict]) -> str:
    """Rows of a table as a native CSV."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(TABLES[name].names)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in TABLES[name].names])
    return buffer.getvalue()


def _cell(value: object) -> object:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value


def policy_text(changes: dict) -> str:
    """The sample's policy for ACME, calendar year, with readings put in as `table.key = value`."""
    said = SAMPLE_POLICY.read_text(encoding="utf-8")
    issuer = tomllib.loads(said)["issuer"]["issuer_id"]
    said = said.replace(f'issuer_id = "{issuer}"', 'issuer_id = "ACME"', 1)
    return (
        "\n".join(line for line in said.splitlines() if not line.startswith(("cik =", "announcements_from_8k"))) + "\n"
        if not changes
        else _changed(said, changes)
    )


def _changed(said: str, changes: dict) -> str:
    for key, value in changes.items():
        table, name = key.rsplit(".", 1)
        marker = f"[{table}]"
        if marker not in said:
            raise ValueError(f"the sample's policy has no {marker}")
        said = said.replace(marker, f"{marker}\n{name} = {json.dumps(value)}", 1)
    return said


@dataclass
class Ending:
    """What came of a run."""

    nights: list[Night] = field(default_factory=list)

    @property
    def last(self) -> Night:
        return self.nights[-1]


def run(rows: Rows, as_of: date, policy: Policy | None = None, before: pl.DataFrame | None = None, *, settled: bool = True) -> Night:
    """A night through the stages of the nightly run, from files to settled findings, or only to facts."""
    with tempfile.TemporaryDirectory() as folder:
        write_folder(rows, Path(folder))
        read = policy or read_policy((Path(folder) / "policy.toml").read_text(encoding="utf-8"), text("policy_defaults.toml"))
        night = load_folder(Path(folder), read, as_of)
    derive(night)
    if not settled:
        return night
    judge_all(night)
    settle_findings(night, pl.DataFrame(schema=FINDINGS) if before is None else before)
    return night


def run_scenario(scenario: Scenario, *, whole: bool = False) -> Ending:
    """A scenario with a run, or several nights, of its own; only the rules that it speaks of are judged, unless the whole is asked.

    What other readings would give is worked out for those that speak of it, and for those without a table.
    """
    with nullcontext() if whole or "absent" in scenario.said or "contested" in str(scenario.said) else without_readings():
        return _ending(scenario, whole=whole)


def _ending(scenario: Scenario, *, whole: bool) -> Ending:
    policy = _policy(scenario)
    if not whole and "spots" not in scenario.said:
        _narrow(policy, scenario.only_rules | {each["rule"] for each in scenario.said.get("expect_verdicts", [])})
    if "nights" not in scenario.said:
        return Ending([run(rows_of(scenario), scenario.as_of, policy)])
    ending, before = Ending(), None
    for n, night in enumerate(scenario.said["nights"], 1):
        ending.nights.append(run(rows_of(scenario, n), date.fromisoformat(str(night["as_of"])), policy, before))
        before = ending.last.findings
    return ending


def _narrow(policy: Policy, rules: set[str]) -> None:
    """Take all other rules out of the clauses."""
    for clause in policy.tables["clause"].values():
        clause["rules"] = {name: cite for name, cite in clause.get("rules", {}).items() if name in rules}


def _policy(scenario: Scenario) -> Policy:
    read = read_policy(policy_text({}), text("policy_defaults.toml"))
    for place, changes in (scenario.said.get("policy") or {}).items():
        table = read.tables
        for part in place.split("."):
            table = table.setdefault(part, {})
        table.update(changes)
    return read


def run_together(scenarios: list[Scenario], *, settled: bool = True) -> Night:
    """Many scenarios in one data folder."""
    together: Rows = {}
    for scenario in scenarios:
        for name, rows in prefixed(rows_of(scenario), scenario.prefix).items():
            if name in SHARED_BY_ALL:
                together.setdefault(name, rows)
            else:
                together.setdefault(name, []).extend(rows)
    return run(together, scenarios[0].as_of, settled=settled)


def problems(scenario: Scenario, night: Night, expected: list[dict], prefix: str = "") -> list[str]:
    """What is missing and what is extra among the findings of a scenario."""
    mine = [row for row in night.findings.to_dicts() if row["person_id"].startswith(prefix)]
    known = set(every_rule()) & scenario.only_rules
    left = [row for row in mine if row["rule"] in known]
    said = []
    for wanted in (each for each in expected if each["rule"] in known):
        match = next((row for row in left if agrees(wanted, row, prefix)), None)
        if match is None:
            said.append(f"missing {wanted}")
        else:
            left.remove(match)
    allowed = scenario.said.get("allow") or []
    extra = [row for row in left if row["state"] != "withdrawn" and not any(agrees(each, row, prefix) for each in allowed)]
    return said + [f"extra {row['finding_id']} {row['outcome']} {row['evidence']}: {row['because']}" for row in extra]


def miscounted(scenario: Scenario, counts: dict[str, dict[str, int]]) -> list[str]:
    """Verdicts of which there is no row, or not as many as the scenario says."""
    said = []
    for wanted in scenario.said.get("expect_verdicts", []):
        found = counts[wanted["rule"]][wanted["outcome"]]
        if found != wanted.get("rows", found or 1):
            said.append(f"{wanted}: {found} rows")
    return said


def blind(scenario: Scenario, night: Night, prefix: str = "") -> list[str]:
    """What is missing and what is extra among the blind spots of the kinds that a scenario speaks of."""
    if "spots" not in scenario.said:
        return []
    mine = [row for row in night.blind_spots.to_dicts() if row["kind"] in scenario.said["only_kinds"] and row["where"].startswith(prefix)]
    left = [(row["kind"], row["where"].replace(prefix, ""), row["what"]) for row in mine]
    said = []
    for wanted in scenario.said["spots"]:
        match = next((each for each in left if each[:2] == (wanted["kind"], wanted["where"]) and wanted.get("what", "") in each[2]), None)
        if match is None:
            said.append(f"missing {wanted}")
        else:
            left.remove(match)
    return said + [f"extra {each}" for each in left]


def agrees(wanted: dict, found: dict, prefix: str = "") -> bool:
    """Whether a finding is the one that a scenario expects."""
    names = [str(each) for key in ("trade_id", "subject") for each in _listed(wanted.get(key))]
    places = {str(found["subject"]), str(found["trade_id"]), *str(found["subject"]).split(":"), *str(found["matter"]).split(":")}
    bare = {place.removeprefix(prefix) for place in places}
    states = _listed(wanted.get("state")) or ["new", "open", "changed"]
    trader = wanted.get("trader_id")
    return (
        wanted["rule"] == found["rule"]
        and prefix + wanted["person_id"] == found["person_id"]
        and wanted.get("outcome", "flagged") == found["outcome"]
        and (not names or bool(bare & set(names)))
        and (trader == "any" or (found["trader_id"] or "").removeprefix(prefix) == (trader or ""))
        and wanted.get("severity", found["severity"]) == found["severity"]
        and wanted.get("because", "") in found["because"]
        and set(wanted.get("contested", [])) <= set((found["contested"] or "").split(";"))
        and found["state"] in states
        and _same_evidence(wanted.get("evidence") or {}, json.loads(found["evidence"]), prefix)
    )


def _listed(value: object) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def _same_evidence(wanted: dict, found: dict, prefix: str) -> bool:
    return all(key in found and _same(value, found[key], prefix) for key, value in wanted.items())


def _same(wanted: object, found: object, prefix: str) -> bool:
    if isinstance(wanted, dict):
        return any(_same(each, found, prefix) for each in wanted["any"])
    if isinstance(wanted, list):
        return sorted(map(str, wanted)) == sorted(map(str, found or []))  # type: ignore[arg-type]
    if wanted is None or found is None:
        return wanted is found
    bare = ";".join(part.removeprefix(prefix) for part in str(found).split(";"))
    bare = "/".join(part.removeprefix(prefix) for part in bare.split("/"))
    return str(wanted) == bare or _equal_numbers(wanted, found)


def _equal_numbers(one: object, other: object) -> bool:
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except InvalidOperation:
        return False
