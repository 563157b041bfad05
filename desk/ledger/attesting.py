"""The ledger's events about quarters: packets sent, answers, certificates, and what reopened one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from desk.ledger.ledger import as_frame
from transforms.attesting import STATEMENTS
from transforms.tables import TABLES

PACKET, ANSWER, CERTIFICATE, REOPENED = "packet", "answer", "certificate", "certificate_reopened"
Events = list[dict[str, Any]]


@dataclass(frozen=True)
class Standing:
    """How the certificate of a quarter stands: the last one signed, and each time that something reopened it since."""

    certificate: dict[str, Any] | None
    reopened: tuple[dict[str, Any], ...]

    @property
    def word(self) -> str:
        """`not signed`, `signed` or `reopened`."""
        if self.certificate is None:
            return "not signed"
        return "reopened" if self.reopened else "signed"


def about(quarter_ended_on: date, person: str = "") -> str:
    """What an event of a quarter is about: the quarter, or one person's attestation of it. No case has such a name."""
    return f"attestation:{quarter_ended_on}:{person}" if person else f"quarter:{quarter_ended_on}"


def of_kind(events: Events, *kinds: str) -> Events:
    """Events of some kinds, in order; what was erased is left out."""
    return [each for each in events if each["kind"] in kinds and each["body"]]


def attestations(events: Events) -> pl.DataFrame:
    """Events as rows of the table of attestations: one a person and quarter, with the last answer, and the first one's time."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for each in of_kind(events, PACKET, ANSWER):
        body = each["body"]
        row = rows.setdefault(
            (body["person_id"], body["quarter_ended_on"]),
            {"person_id": body["person_id"], "quarter_ended_on": body["quarter_ended_on"], "source_file": "ledger", "source_line": each["sequence"]},
        )
        if each["kind"] == PACKET and body.get("sent_on"):
            row.setdefault("sent_on", body["sent_on"])
        if each["kind"] == ANSWER:
            row |= {"answered_at": each["at"], "source_line": each["sequence"], **{name: body["statements"].get(name) for name in STATEMENTS}}
            row.setdefault("first_answered_at", each["at"])
    return as_frame(list(rows.values()), TABLES["attestations"].schema)


def with_answers(table: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The attestations of a file with those of the ledger: the later answer of the two counts, the earlier one says when it was first answered."""
    key = ["person_id", "quarter_ended_on"]
    answers = ["answered_at", *STATEMENTS, "source_file", "source_line"]
    here = told.select(*key, *(pl.col(name).alias(f"_{name}") for name in [*answers, "first_answered_at", "sent_on"]))
    both = table.join(here, on=key, how="left", maintain_order="left")
    newer = pl.col("_answered_at") > pl.col("answered_at").fill_null(pl.col("_answered_at") - pl.duration(seconds=1))
    first = pl.min_horizontal(pl.coalesce("first_answered_at", "answered_at"), pl.coalesce("_first_answered_at", "_answered_at"))
    merged = both.with_columns(
        first_answered_at=pl.when(pl.col("_answered_at").is_not_null()).then(first).otherwise("first_answered_at"), sent_on=pl.min_horizontal("sent_on", "_sent_on"),
        **{name: pl.when(newer.fill_null(value=False)).then(f"_{name}").otherwise(name) for name in answers},
    ).select(table.columns)  # fmt: skip
    return pl.concat([merged, told.join(table, on=key, how="anti").select(table.columns)])


def answer_of(events: Events, person: str, quarter_ended_on: date) -> Events:
    """Every answer of a person about a quarter, the first one first."""
    return [each for each in of_kind(events, ANSWER) if each["case_id"] == about(quarter_ended_on, person)]


def corrections(events: Events, quarter_ended_on: date) -> dict[tuple[str, str], str]:
    """What stands beside the statements of each person's last answer."""
    last = {each["body"]["person_id"]: each["body"] for each in of_kind(events, ANSWER) if each["body"]["quarter_ended_on"] == str(quarter_ended_on)}
    return {(person, statement): text for person, body in last.items() for statement, text in body.get("corrections", {}).items() if text}


def packets_of(events: Events, quarter_ended_on: date) -> dict[str, dict[str, Any]]:
    """Records of packets by their print."""
    return {each["body"]["print"]: each["body"]["records"] for each in of_kind(events, PACKET) if each["body"]["quarter_ended_on"] == str(quarter_ended_on)}


def asked(events: Events, quarter_ended_on: date) -> set[str]:
    """Who was sent a packet of a quarter."""
    return {
        each["body"]["person_id"]
        for each in of_kind(events, PACKET)
        if each["body"].get("sent_on") and each["body"]["quarter_ended_on"] == str(quarter_ended_on)
    }


def standing(events: Events, quarter_ended_on: date) -> Standing:
    """How the certificate of a quarter stands."""
    mine = [each for each in of_kind(events, CERTIFICATE, REOPENED) if each["case_id"] == about(quarter_ended_on)]
    signed = [each for each in mine if each["kind"] == CERTIFICATE]
    last = signed[-1] if signed else None
    since = tuple(each for each in mine if last and each["kind"] == REOPENED and each["sequence"] > last["sequence"])
    return Standing(last, since)
