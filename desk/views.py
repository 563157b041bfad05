"""What can be seen of a night: by those to whom denials and project lists are shown, and by all others."""

import re
from typing import Any

import polars as pl

from desk.nights import Night
from desk.rights import RESERVED_READINGS, RESERVED_RULES, WORDS, names_reserved, pattern_of, reserved, reserved_ids
from transforms.cases import CASE_ID
from transforms.facts import Derivation


class View:
    """A night as far as a kind of reader may see it. Without the right to see denials and project lists nothing that tells of one is in it."""

    def __init__(self, night: Night, *, sees_denials: bool) -> None:
        """Take a night, whole or without what is reserved."""
        self.night, self.sees_denials = night, sees_denials
        self.policy, self.as_of = night.policy, night.as_of
        self.ids = [] if sees_denials else reserved_ids(night.facts["clearances"], night.facts["lists"])
        self.findings = self._findings().with_columns(CASE_ID)
        self.facts: Derivation | Unreserved = night.facts if sees_denials else Unreserved(night.facts)
        self.otherwise = self._otherwise()

    def _findings(self) -> pl.DataFrame:
        if self.sees_denials:
            return self.night.findings
        kept = self.night.findings.filter(~reserved() & ~names_reserved(("because", "evidence", "finding_id"), self.ids))
        plain = pl.col("contested").str.split(";").list.eval(pl.element().filter(~_is_reserved(pl.element()))).list.join(";")
        return kept.with_columns(contested=pl.when(plain != "").then(plain))

    def _otherwise(self) -> pl.DataFrame:
        other = self.night.read("otherwise")
        return other if self.sees_denials else other.filter(~_is_reserved(pl.col("key")))

    def blind_spots(self) -> pl.DataFrame:
        """What could not be seen, without what names a denial or a project list."""
        told = self.night.read("blind_spots")
        return told if self.sees_denials else told.filter(~names_reserved(("what", "where"), self.ids, in_words=True))

    def plain(self, text: str | None) -> str | None:
        """What somebody typed; nothing of it where it speaks of a denial or a project list."""
        if text is None or self.sees_denials:
            return text
        return None if re.search(WORDS, text) or re.search(pattern_of(self.ids), text) else text

    def is_plain(self, known: dict[str, str]) -> bool:
        """Whether a finding as it was once judged may be told of."""
        if self.sees_denials:
            return True
        rule = known["finding_id"].partition("/")[0]
        is_reserved = rule in RESERVED_RULES or (rule == "election_review" and known["severity"] == "high")
        return not is_reserved and not any(re.search(pattern_of(self.ids), text) for text in known.values())


class Unreserved:
    """Tables and facts of a night without denied clearances and project lists."""

    def __init__(self, facts: Derivation) -> None:
        """Stand before the facts of a night."""
        self._facts = facts
        self._kept: dict[str, pl.DataFrame] = {}

    @property
    def asked(self) -> dict[str, frozenset[str]]:
        """Readings asked for on the way to a fact, but those about denials and lists."""
        return {name: frozenset(key for key in keys if not key.startswith(RESERVED_READINGS)) for name, keys in self._facts.asked.items()}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a derivation holds things of every type
        """A thing by name, less the rows that are reserved."""
        held = self._facts[name]
        if not isinstance(held, pl.DataFrame):
            return held
        if name not in self._kept:
            self._kept[name] = _unreserved(held)
        return self._kept[name]


def _unreserved(frame: pl.DataFrame) -> pl.DataFrame:
    kept = frame
    if "decision" in frame.columns and "clearance_id" in frame.columns:
        kept = kept.filter(pl.col("decision").ne_missing("denied"))
    if "list_id" in frame.columns and "kind" in frame.columns:
        kept = kept.filter(pl.col("kind").ne_missing("project"))
    return kept.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in frame.schema.items() if "denied" in name)


def _is_reserved(key: pl.Expr) -> pl.Expr:
    return pl.any_horizontal([key.str.starts_with(start) for start in RESERVED_READINGS])
