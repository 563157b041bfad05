"""Mutants, by the operators of cosmic-ray, put into the running program in place of the module that they change."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import FunctionType

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

from rules import RULES
from tests.worlds import ROOT
from transforms.facts import every_fact

KEPT = (
    "NumberReplacer", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ZeroIterationForLoop",
    "ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ReplaceUnaryOperator_Delete_Invert", "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_USub",
    "ReplaceBinaryOperator_BitAnd_BitOr", "ReplaceBinaryOperator_BitOr_BitAnd", "ReplaceBinaryOperator_BitXor_BitOr",
    "ReplaceBinaryOperator_Add_Sub", "ReplaceBinaryOperator_Sub_Add", "ReplaceBinaryOperator_Mul_Div", "ReplaceBinaryOperator_Div_Mul",
    "ReplaceComparisonOperator_Eq_NotEq", "ReplaceComparisonOperator_NotEq_Eq", "ReplaceComparisonOperator_Lt_LtE", "ReplaceComparisonOperator_Lt_GtE",
    "ReplaceComparisonOperator_LtE_Lt", "ReplaceComparisonOperator_LtE_Gt", "ReplaceComparisonOperator_Gt_GtE", "ReplaceComparisonOperator_Gt_LtE",
    "ReplaceComparisonOperator_GtE_Gt", "ReplaceComparisonOperator_GtE_Lt",
)  # fmt: skip
"""Operators of cosmic-ray that make sense on columns: a boundary moved by one, an answer turned round, a number changed, `&`
for `|`. The rest (`<<` for `&`, `is` for `==`, an order of texts) does not run, or says nothing about a judgement."""
PLUMBING = re.compile(
    r"(maintain_order|check_sortedness|strict|nulls_equal|coalesce|keep_nulls|empty_as_null)=\w+|Decimal\([^)]*\)|date\(9999[^)]*\)|^BUCKET = \d+|(?<=, )\*(?=, )"
)
"""Values that say how the engine works, not what is so: an order kept, what becomes of an empty list, the width of a decimal or of
a bucket of the search, the star of a signature, and the far day that stands for no end: any day beyond the calendars does.
"""
FOLDERS = ("rules", "transforms/facts")


@dataclass(frozen=True)
class Mutant:
    """One change: which operator, at which of its places, in which module."""

    path: str
    operator: str
    occurrence: int
    line: int

    @property
    def name(self) -> str:
        return f"{self.path}:{self.line} {self.operator} {self.occurrence}"

    @property
    def reasoned(self) -> tuple[str, str, str]:
        """How survivors.csv names it: by the text of its line, so that a reason stays with it."""
        return self.path, (ROOT / self.path).read_text(encoding="utf-8").splitlines()[self.line - 1].strip(), self.operator

    @property
    def source(self) -> str:
        made = mutate_code((ROOT / self.path).read_text(encoding="utf-8"), get_operator(f"core/{self.operator}")(), self.occurrence)
        return str(made)


def mutants() -> Iterator[Mutant]:
    """Every mutant of every rule and fact, in the order of files and lines."""
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.py") if path.name != "__init__.py"):
        source = path.read_text(encoding="utf-8")
        tree, lines = get_ast(source), source.splitlines()
        for name in KEPT:
            for n, (line, column) in enumerate(_places(tree, get_operator(f"core/{name}")())):
                if any(each.start() <= column < each.end() for each in PLUMBING.finditer(lines[line - 1])):
                    continue
                yield Mutant(path.relative_to(ROOT).as_posix(), name, n, line)


def _places(tree: object, operator: Operator) -> list[tuple[int, int]]:
    return [start for node in ast_nodes(tree) for start, _ in operator.mutation_positions(node)]


@contextmanager
def in_place(mutant: Mutant) -> Iterator[tuple[set[str], set[str]]]:
    """The mutant in place of its module; gives the facts and the rules whose code it changes, in its module or through others."""
    module = sys.modules[mutant.path.removesuffix(".py").replace("/", ".")]
    before, rules, touched = dict(module.__dict__), dict(RULES), importers(module.__name__)
    try:
        exec(compile(mutant.source, mutant.path, "exec"), module.__dict__)  # noqa: S102 - our own source with one change
        _swapped(before, module.__dict__)
        facts, judges = ({name.rpartition(".")[2] for name in touched if name.startswith(f"{folder}.")} for folder in ("transforms.facts", "rules"))
        yield facts, judges
    finally:
        _swapped(dict(module.__dict__), before)
        module.__dict__.clear()
        module.__dict__.update(before)
        RULES.clear()
        RULES.update(rules)


def _swapped(old: dict[str, object], new: dict[str, object]) -> None:
    """Put new functions and constants where other modules hold the old ones."""
    changed = {name: (value, new[name]) for name, value in old.items() if name in new and new[name] is not value and not name.startswith("__")}
    for module in [each for name, each in sys.modules.items() if name.startswith(("rules.", "transforms.facts.", "tests."))]:
        for name, (value, other) in changed.items():
            if module.__dict__.get(name) is value and (isinstance(value, FunctionType) or name.isupper()):
                module.__dict__[name] = other
    facts = every_fact()
    for name, (value, other) in changed.items():
        if facts.get(name) is value:
            facts[name] = other  # type: ignore[assignment]  # a function for a function


@cache
def importers(name: str) -> frozenset[str]:
    """A module and those that use its functions, be it through others."""
    known = {each: module for each, module in sys.modules.items() if each.startswith(("rules.", "transforms.facts."))}
    uses = {
        each: {value.__module__ for value in module.__dict__.values() if isinstance(value, FunctionType)}
        | {
            owner
            for owner, other in known.items()
            for constant, value in other.__dict__.items()
            if constant.isupper() and module.__dict__.get(constant) is value
        }
        for each, module in known.items()
    }
    found = {name}
    while more := {each for each in known if each not in found and uses[each] & found}:
        found |= more
    return frozenset(found)
