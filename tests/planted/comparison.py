"""What the rules found in a planted book, held against its labels."""

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from flows.stages import Night, derive, judge_all, load_folder, policy_from
from tests.planted import issuer
from tests.planted.book import Book
from tests.planted.generate import write
from tests.planted.records import Label
from tests.planted.registry import every_plant

SHOWN = 5


@dataclass(frozen=True)
class Comparison:
    """Expected and found, by rule; a rule that the program does not have is not judged."""

    expected: frozenset[Label]
    found: frozenset[Label]
    judged: frozenset[str]
    not_judged: Counter[str]
    remarks: list = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def missed(self) -> list[Label]:
        return sorted(self.expected - self.found)

    @property
    def extra(self) -> list[Label]:
        return sorted(self.found - self.expected)

    @property
    def is_exact(self) -> bool:
        return self.expected == self.found and not self.remarks


def judged_night(book: Book) -> Night:
    """The book through loading, facts and rules."""
    with tempfile.TemporaryDirectory() as folder:
        write(book, Path(folder))
        night = load_folder(Path(folder), policy_from(Path(folder) / "policy.toml"), issuer.AS_OF)
    derive(night)
    judge_all(night)
    return night


def compare(book: Book) -> Comparison:
    """Judge the book; equal labels are one finding."""
    night = judged_night(book)
    judged = frozenset(night.judgements)
    findings = (each.findings.select("rule", "person_id", "subject", "outcome").rows() for name, each in night.judgements.items() if name in judged)
    labels = set(book.labels)
    return Comparison(
        frozenset(label for label in labels if label.rule in judged),
        frozenset(Label(*row) for rows in findings for row in rows),
        judged,
        Counter(label.rule for label in labels if label.rule not in judged),
        [remark for remark in night.remarks if remark[0] == "rule_error"] + night.loaded.refused.rows()[:SHOWN],
        {name: each.counts for name, each in sorted(night.judgements.items())},
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:9.4f}" if whole else f"{'-':>9}"


def _line(name: str, expected: set[Label], found: set[Label]) -> str:
    sure, told = {each for each in expected if each.outcome == "flagged"}, {each for each in found if each.outcome == "flagged"}
    both = len(sure & told)
    counts = f"{len(sure):8} {len(told):6} {both:6} {len(sure) - both:6} {len(told) - both:6} {_share(both, len(told))} {_share(both, len(sure))}"
    open_questions = expected - sure
    return f"{name:26} {_variants(name):>7} {counts} {len(open_questions & found):8} of {len(open_questions):4} {len(found - told - expected):6}"


def _variants(rule: str) -> str:
    """How many faults and twins are planted for a rule."""
    kinds = Counter(plant.fires for plant in every_plant() if rule in {plant.rule, "total"})
    return f"{kinds[True]}/{kinds[False]}"


def print_comparison(comparison: Comparison, book: Book) -> None:
    """A table of the rules, and the first findings that differ."""
    print(f"{len(book.rows['trades']):,} trades of {len(book.rows['people']):,} people, {len(book.labels):,} labels")
    print(
        f"{'rule':26} {'kinds':>7} {'planted':>8} {'found':>6} {'true':>6} {'missed':>6} {'extra':>6} {'precision':>9} {'recall':>9} {'undecided':>16} {'extra':>6}"
    )
    for rule in sorted(comparison.judged):
        print(_line(rule, {each for each in comparison.expected if each.rule == rule}, {each for each in comparison.found if each.rule == rule}))
    print(_line("total", set(comparison.expected), set(comparison.found)))
    for rule, labels in sorted(comparison.not_judged.items()):
        print(f"{rule:26} {labels:8} not judged: the program has no such rule")
    for remark in comparison.remarks:
        print("remark:", remark)
    for name, labels in {"missed": comparison.missed, "extra": comparison.extra}.items():
        for rule in sorted({each.rule for each in labels}):
            for label in [each for each in labels if each.rule == rule][:SHOWN]:
                print(
                    f"{name}: {label.rule}/{label.person_id}/{label.subject} {label.outcome}, sown by {book.sown_by.get(label.person_id) or book.sown_by.get(label.subject)}"
                )
