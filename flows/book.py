"""A store's last night and its ledger, told as the files of an evidence pack."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from desk.ledger import Ledger
from desk.ledger.attesting import ANSWER, CERTIFICATE, PACKET, REOPENED, about, standing
from desk.ledger.chain import canonical
from desk.ledger.ledger import ERASED, WAIVER, decisions, waivers
from desk.multiples import multiples
from desk.quarterly import Answered, gate_of, plain, signed_at, since_signed
from desk.rights import barred
from flows.explain import explanation
from flows.packing import PackError
from flows.resources import calendars, text
from flows.store import Store
from rules import every_rule
from transforms.attesting import Known, quarter_named
from transforms.attesting.board import board
from transforms.attesting.packets import packets
from transforms.cases import CASE_ID, cases, of_reviews
from transforms.facts import Derivation
from transforms.policy import Policy, read_policy
from transforms.reports.attesting import board_document, certificate_document
from transforms.reports.documents import Document, as_html
from transforms.reports.explaining.sources import cited
from transforms.reports.packet import packet_document
from transforms.reports.pdf import as_pdf
from transforms.tables import TABLES
from transforms.visible import visible

Files = dict[str, bytes]
IsTold = Callable[[dict[str, Any]], bool]
"""Whether an event of the ledger is told in full."""


class Book:
    """A store's last night and its ledger, opened to be told."""

    def __init__(self, store: Store, ledger: Ledger | None) -> None:
        """Read what both kinds of pack need."""
        night = store.last_night()
        if night is None:
            raise PackError(f"{store.path}: it holds no night yet, expected one. Run `hindsight nightly` first.")
        self.store, self.night = store, night
        self.events = ledger.events() if ledger else []
        self.rows = ledger.rows() if ledger else []
        self.policy: Policy = read_policy(store.policy_of(night), text("policy_defaults.toml"))
        self.findings = store.nightly("findings", night).with_columns(CASE_ID)
        self.missing = store.missing_on(night)

    def facts(self) -> Derivation:
        """What can be derived from the tables of the last night."""
        sessions, business_days = calendars(self.policy.exchange)
        tables = visible(self.store.tables(), self.night)
        return Derivation(**tables, policy=self.policy, sessions=sessions, business_days=business_days, as_of=self.night, missing=self.missing)

    def of_case(self, case: str) -> Files:
        """What a case rests on."""
        found = self.findings.filter(pl.col("case_id") == case)
        if found.is_empty():
            near = ", ".join(sorted(set(self.findings.filter(pl.col("case_id").str.contains(case, literal=True))["case_id"]))[:5])
            hint = f" Cases like it: {near}." if near else ""
            raise PackError(f"--case {case}: no such case in {self.store.path}, expected person_id/matter.{hint}")
        facts = self.facts()
        told = {f"explained/{n:03d}.txt": (explanation(self.store, each)[0] + "\n").encode() for n, each in enumerate(found["finding_id"].sort(), 1)}
        person, _, matter = case.partition("/")
        attested = f"attestation:{matter[:10]}:{person}"
        return {
            **self._base(
                found, facts, lambda each: each["case_id"] in {case, attested} or (each["kind"].startswith(WAIVER) and each["body"].get("person_id") == person)
            ),
            **told,
        }

    def of_quarter(self, name: str) -> Files:
        """What a quarter rests on: its findings, packets, answers, certificate and board page."""
        quarter = quarter_named(self.policy, name, self.night)
        facts = self.facts()
        known = self._known(facts)
        found = self.findings.filter(quarter.holds("occurred_on").fill_null(value=True))
        about_cases, key = set(found["case_id"]), str(quarter.ends_on)
        kinds = {PACKET, ANSWER, CERTIFICATE, REOPENED}

        def is_told(event: dict[str, Any]) -> bool:
            return (
                (event["kind"] in kinds and event["body"].get("quarter_ended_on") == key) or event["case_id"] in about_cases or event["kind"].startswith(WAIVER)
            )

        held, stands, numbers = gate_of(known, quarter, self.events), standing(self.events, quarter.ends_on), board(known, quarter)
        signed, at = (stands.certificate["body"], signed_at(stands.certificate)) if stands.certificate else (None, None)
        since, issuer = [each["words"] for each in since_signed(known, quarter, self.events, stands)] or None, self.policy.issuer_name
        written = packets(plain(known), quarter)
        documents = {
            "certificate": certificate_document(quarter, issuer, self.night, held, signed, since, at),
            "board": board_document(numbers, issuer, self.night, multiples(numbers)),
        }
        documents |= {f"packets/{n:04d}": packet_document(each, quarter, issuer, self.night) for n, each in enumerate(written.values(), 1)}
        records = [{"person_id": each.person_id, "print": each.print, "records": each.records} for each in written.values()]
        gaps = {
            "about": about(quarter.ends_on),
            "standing": "reopened" if since else stands.word,
            "gaps": [each.as_row() for each in held.gaps],
            "since_signed": since or [],
        }
        return {**self._base(found, facts, is_told), **_documents(documents), "packets.jsonl": _lines(records), "gate.json": _json(gaps)}

    def _known(self, facts: Derivation) -> Known:
        answered = Answered(facts, self.events)
        elsewhere = facts["reviews"].filter(pl.col("source_file") != "ledger")
        given, noon = waivers(self.events), datetime.combine(self.night, time(12), UTC)
        own = barred(self.findings, facts, given, noon)
        folded = cases(self.findings.drop("case_id"), pl.concat([of_reviews(elsewhere), decisions(self.events)]), given, self.night, barred=own)
        spots, refused = self.store.nightly("blind_spots", self.night), self.store.nightly("quarantine", self.night)
        return Known(self.night, self.policy, answered, self.findings, folded, spots, refused, answered.missing)

    def _base(self, found: pl.DataFrame, facts: Derivation, is_told: IsTold) -> Files:
        """What every pack holds."""
        known = every_rule()
        rules = sorted({rule for rule in found["rule"] if rule in known})
        return {
            "findings.jsonl": _lines(found.sort("finding_id").to_dicts()), "rows.jsonl": _lines(self._cited(found, facts)), "run.json": _json(self.store.record_of(self.night)),
            "policy.toml": self.store.policy_of(self.night).encode(), **{f"rules/{name}.py": Path(known[name].judge.__code__.co_filename).read_bytes() for name in rules},
            "ledger.jsonl": self._ledger(is_told),
        }  # fmt: skip

    def _cited(self, found: pl.DataFrame, facts: Derivation) -> list[dict[str, Any]]:
        """The rows that findings rest on, once each, by file and line."""
        rows: dict[tuple[str, str, int], dict[str, Any]] = {}
        for finding in found.to_dicts():
            rule = every_rule().get(finding["rule"])
            over = (
                facts[rule.over].filter((pl.col(rule.person) == finding["person_id"]) & (pl.col(rule.subject).cast(pl.String) == finding["subject"]))
                if rule
                else pl.DataFrame()
            )
            for table, frame in cited(finding, over.row(0, named=True) if len(over) else {}, facts).items():
                for row in frame.to_dicts():
                    _add(rows, table, row)
            at = self.store.row_at(finding["source_file"], finding["source_line"]) if finding["source_file"] and finding["source_line"] else None
            if at:
                _add(rows, at[0], at[1])
        return [rows[key] for key in sorted(rows)]

    def _ledger(self, is_told: IsTold) -> bytes:
        """The chain: events that are told in full as they stand there, of the others place and hash, and its head last."""
        lines: list[dict[str, Any]] = []
        for row, event in zip(self.rows, self.events, strict=True):
            told = is_told(event) or event["kind"] == ERASED
            lines.append(dict(row) if told else {name: row[name] for name in ("sequence", "previous", "hash")})
        head = {"sequence": lines[-1]["sequence"], "hash": lines[-1]["hash"]} if lines else {"sequence": 0, "hash": "0" * 64}
        return "".join(canonical(each) + "\n" for each in [*lines, head]).encode()

    def remarks(self, contents: Files) -> list[str]:
        """What in the pack is, as it is made, not as the run had it: names of rules that have changed, `policy`, files that the run's record lacks."""
        run = json.loads(contents["run.json"])
        told = [] if sha256(contents["policy.toml"]).hexdigest() == run.get("policy") else ["policy"]
        told += [
            Path(path).stem
            for path, content in contents.items()
            if path.startswith("rules/") and run.get("rules", {}).get(Path(path).stem) != sha256(content).hexdigest()
        ]
        files = {json.loads(line)["file"] for line in contents["rows.jsonl"].decode().splitlines()}
        return sorted([*told, *(each for each in files if each not in run.get("inputs", {}) and each != "ledger")])


def _add(rows: dict[tuple[str, str, int], dict[str, Any]], table: str, row: dict[str, Any]) -> None:
    file, line = row.get("source_file"), row.get("source_line")
    if file is not None:
        cells = {name: value for name, value in row.items() if name in _columns(table) and value is not None}
        rows[table, file, line or 0] = {"file": file, "line": line, "table": table, "row": cells}


def _columns(table: str) -> tuple[str, ...]:
    return TABLES[table].names


def _documents(documents: dict[str, Document]) -> Files:
    return {f"{name}.{kind}": made for name, each in documents.items() for kind, made in (("html", as_html(each).encode()), ("pdf", as_pdf(each)))}


def _lines(rows: Iterable[dict[str, Any]]) -> bytes:
    return "".join(canonical({name: _plain(value) for name, value in row.items()}) + "\n" for row in rows).encode()


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True, default=str) + "\n").encode()


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    """A cell as JSON holds it: numbers as text, so that nothing is rounded."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date | datetime) else value
