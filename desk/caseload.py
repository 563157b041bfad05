"""Cases as they stand now: the night's findings with every decision since, folded anew only where something was added."""

import threading
from datetime import UTC, datetime
from typing import Any

import polars as pl

from desk.ledger import Ledger
from desk.ledger.ledger import ERASED, decisions, waivers
from desk.rights import barred, today
from desk.views import View
from transforms.cases import BARRED, DECISIONS, RANK, STANDS, STATES, WAIVERS, cases, of_reviews
from transforms.reports.words import Words, words_of

ORDER = {name: n for n, name in enumerate(STATES)}


class Register:
    """The ledger's events as frames, read on from where they were read last."""

    def __init__(self, ledger: Ledger) -> None:
        """Start before the first event."""
        self.ledger = ledger
        self._lock = threading.Lock()
        self._start()

    def _start(self) -> None:
        self.last = 0
        self.events: list[dict[str, Any]] = []
        self.decisions, self.waivers = pl.DataFrame(schema=DECISIONS), pl.DataFrame(schema=WAIVERS)

    def up_to_date(self) -> int:
        """Read what was added, and return the place of the last event."""
        if self.ledger.last() != self.last:
            with self._lock:
                fresh = self.ledger.events(self.last)
                if any(each["kind"] == ERASED for each in fresh):  # what was erased is gone from memory too
                    self._start()
                    fresh = self.ledger.events()
                if fresh:
                    self.events = [*self.events, *fresh]
                    self.decisions = pl.concat([self.decisions, decisions(fresh)])
                    if any(each["kind"].startswith("waiver") or each["kind"] == ERASED for each in fresh):
                        self.waivers = waivers(self.events)
                    self.last = fresh[-1]["sequence"]
        return self.last


class Caseload:
    """The cases of a view, one row each, with what lists show of them."""

    def __init__(self, view: View, register: Register, titles: dict[str, Words]) -> None:
        """Fold every case of the view once."""
        self.view, self.register, self._titles = view, register, titles
        self._lock = threading.Lock()
        self.barred, self._given = pl.DataFrame(schema=BARRED), pl.DataFrame()
        self._seen, self._waivers, self._day = -1, pl.DataFrame(), today()
        self._listed = self._described()
        self._cases = pl.DataFrame()

    def cases(self) -> pl.DataFrame:
        """One row a case, those that want a decision first, then the gravest, then by person: the columns of `cases` and what lists show."""
        last = self.register.up_to_date()
        if last != self._seen or self._day != today():
            with self._lock:
                if last != self._seen or self._day != today():
                    self._fold(last)
        return self._cases

    def _fold(self, last: int) -> None:
        register, day = self.register, today()
        whole = self._seen < 0 or self._day != day or register.waivers is not self._waivers
        findings = self.view.findings
        if not whole:
            touched = register.decisions.filter(pl.col("sequence") > self._seen)["case_id"].unique()
            findings = findings.filter(pl.col("case_id").is_in(touched.implode()))
        reviews = self.view.facts["reviews"].filter(pl.col("source_file") != "ledger")
        folded = cases(findings, pl.concat([of_reviews(reviews), register.decisions]), register.waivers, self.view.as_of, day, self._barred())
        if not whole:
            kept = self._cases.join(folded, on="case_id", how="anti").select(folded.columns)
            folded = pl.concat([kept, folded])
        ordered = folded.join(self._listed, on="case_id", how="left").sort(
            pl.col("state").replace_strict(ORDER, return_dtype=pl.Int64), RANK, "name", "case_id",
        )  # fmt: skip
        self._cases, self._seen, self._waivers, self._day = ordered, last, register.waivers, day

    def _barred(self) -> pl.DataFrame:
        """Cases in which those who gave waivers have a part."""
        if self._given is not self.register.waivers:
            self._given, self.barred = self.register.waivers, barred(self.view.night.findings, self.view.night.facts, self.register.waivers, datetime.now(UTC))
        return self.barred

    def _described(self) -> pl.DataFrame:
        """What a list shows of each case: name, gravest rule, day, first sentence, and how many findings are undecided."""
        names = self.view.facts["people"].select("person_id", "name")
        titles = pl.DataFrame(
            {"rule": list(self._titles), "title": [each.title for each in self._titles.values()]}, schema={"rule": pl.String, "title": pl.String}
        )
        first = self.view.findings.with_columns(RANK, gone=~STANDS).sort("gone", "rank", "finding_id")
        told = first.join(titles, on="rule", how="left").group_by("case_id", maintain_order=True).agg(
            pl.col("person_id").first(), pl.col("because").first(), pl.col("occurred_on").min(), rules=pl.col("rule").unique().sort(), title=pl.col("title").fill_null(pl.col("rule")).first(),
            more=pl.len() - 1, undecided=((pl.col("outcome") == "undecided") & ~pl.col("gone")).sum(),
            moved=pl.when((pl.col("state") == "new").any()).then(pl.lit("new")).when((pl.col("state") == "changed").any()).then(pl.lit("changed"))
            .when(((pl.col("state") == "withdrawn") & (pl.col("changed_on") == self.view.as_of)).any()).then(pl.lit("withdrawn")),
        )  # fmt: skip
        return told.join(names, on="person_id", how="left").with_columns(name=pl.coalesce("name", "person_id")).drop("person_id")


def titles_of(rules: dict[str, Any]) -> dict[str, Words]:
    """The words of each rule."""
    return {name: words_of(rule.words) for name, rule in rules.items()}
