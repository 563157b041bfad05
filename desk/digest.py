"""What a mail after a night says: what changed for one reader since the night before, and nothing when nothing did."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from desk.desk import Visit, at
from desk.ledger.attesting import REOPENED, of_kind
from desk.quarterly import told_to
from transforms.cases import PENDING
from transforms.reports.words import day, plural

LISTED = 25
"""Cases of each kind that a mail lists; the desk has all."""


@dataclass(frozen=True)
class Part:
    """Cases of one kind."""

    name: str
    said: str
    cases: pl.DataFrame


@dataclass(frozen=True)
class Digest:
    """A mail: its subject, which names nobody, and its text."""

    subject: str
    body: str


def digest(visit: Visit, before: date | None, url: str) -> Digest | None:
    """The mail of a reader on a night; none where nothing changed. `before` is the night before, from which waits and terms are counted."""
    parts = [each for each in _parts(visit, before) if len(each.cases)]
    reopened = _reopened(visit)
    if not parts and not reopened:
        return None
    as_of = visit.view.as_of
    told = [f"{len(each.cases):,} {each.name}" for each in parts] + (
        [plural(len(reopened), "certificate reopened", "certificates reopened")] if reopened else []
    )
    subject = f"Hindsight, {day(as_of)}: " + ", ".join(told)
    lines = [f"Night of {day(as_of)}, {visit.view.policy.issuer_name}.", ""]
    for quarter, words in reopened:
        lines += [f"The certificate for the quarter ended {quarter} was reopened by what came on record:", *(f"  {each}" for each in words), ""]
    for each in parts:
        lines += [each.said.format(cases=plural(len(each.cases), "case")), *(_line(row, url) for row in each.cases.head(LISTED).iter_rows(named=True))]
        lines += [f"  and {len(each.cases) - LISTED:,} more on the desk"] if len(each.cases) > LISTED else []
        lines.append("")
    lines += [
        f"The desk: {url}" if url else "The desk has the rest.",
        "",
        "A finding states facts on record for a person to look at. Nothing is decided by it.",
    ]
    return Digest(subject, "\n".join(lines) + "\n")


def _parts(visit: Visit, before: date | None) -> list[Part]:
    every, as_of = visit.cases(), visit.view.as_of
    asking = every.filter(pl.col("state").is_in(PENDING))
    waits = (pl.col("decision") == "wait") & (pl.col("until_on") <= as_of)
    over = asking.filter(waits if before is None else waits & (pl.col("until_on") > before))
    term = visit.view.policy.parameter("review.escalate_after").at(as_of) or 0
    due = visit.view.facts["business_days"].sooner.after(pl.col("opened_on"), term)
    late = asking.with_columns(term_on=due).filter((pl.col("term_on") <= as_of) & (pl.lit(before is None) | (pl.col("term_on") > (before or as_of))))
    return [
        Part("new", "New, {cases}:", asking.filter(pl.col("moved") == "new")),
        Part(
            "changed", "With a finding that changed, {cases}:", every.filter((pl.col("moved") == "changed") & ~pl.col("state").is_in(["withdrawn", "waiting"]))
        ),
        Part("withdrawn", "No longer arising from what is on record, {cases}:", every.filter(pl.col("moved") == "withdrawn")),
        Part("waited for", "Waited until now, {cases}:", over),
        Part("past its term", f"Without a decision for {term} business days, {{cases}}:", late),
    ]


def _reopened(visit: Visit) -> list[tuple[str, list[str]]]:
    """Certificates that this night reopened, each with what is open to the reader of why; for those who sign them."""
    if not visit.reader.certifies:
        return []
    events = of_kind(visit.sight.desk.register.events, REOPENED)
    tonight = [each["body"] for each in events if each["body"]["night"] == str(visit.view.as_of)]
    return [(each["quarter_ended_on"], [reason["words"] for reason in told_to(each["reasons"], visit)]) for each in tonight]


def _line(row: dict[str, object], url: str) -> str:
    link = f"\n    {url.rstrip('/')}{at('case', str(row['case_id']))}" if url else ""
    return f"  {row['severity']}: {row['name']}, {row['title']}{link}"
