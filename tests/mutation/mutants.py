"""Mutants, by the operators of cosmic-ray, put into the running program in place of the module that they change."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType, ModuleType

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

from rules import RULES
from tests.worlds import ROOT
from transforms.facts import every_fact, needs_of

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
PLUMBING = re.compile(r"((maintain_order|check_sortedness|strict|nulls_equal|coalesce)=|Decimal\((\d+, )?)$")
"""What stands before a value that says how the engine works (an order kept, the width of a decimal), not what is so."""
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
                if PLUMBING.search(lines[line - 1][:column]):
                    continue
                yield Mutant(path.relative_to(ROOT).as_posix(), name, n, line)


def _places(tree: object, operator: Operator) -> list[tuple[int, int]]:
    return [start for node in ast_nodes(tree) for start, _ in operator.mutation_positions(node)]


@contextmanager
def in_place(mutant: Mutant) -> Iterator[tuple[set[str], set[str]]]:
    """The mutant in place of its module; gives the facts that it may touch, dependents included, and the rules."""
    module = sys.modules[mutant.path.removesuffix(".py").replace("/", ".")]
    before, rules = dict(module.__dict__), dict(RULES)
    try:
        exec(compile(mutant.source, mutant.path, "exec"), module.__dict__)  # noqa: S102 - our own source with one change
        users = _swapped(before, module.__dict__)
        yield (
            _dependents({_leaf(each) for each in (*users, module) if each.__name__.startswith("transforms.facts.")}),
            {_leaf(each) for each in (*users, module) if each.__name__.startswith("rules.")},
        )
    finally:
        _swapped(dict(module.__dict__), before)
        module.__dict__.clear()
        module.__dict__.update(before)
        RULES.clear()
        RULES.update(rules)


def _leaf(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def _swapped(old: dict[str, object], new: dict[str, object]) -> list[ModuleType]:
    """Put new functions and constants where other modules hold the old ones; gives those modules."""
    changed = {name: (value, new[name]) for name, value in old.items() if name in new and new[name] is not value and not name.startswith("__")}
    users = []
    for module in [each for name, each in sys.modules.items() if name.startswith(("rules.", "transforms.facts."))]:
        for name, (value, other) in changed.items():
            if module.__dict__.get(name) is value and (isinstance(value, FunctionType) or name.isupper()):
                module.__dict__[name] = other
                users.append(module)
    facts = every_fact()
    for name, (value, other) in changed.items():
        if facts.get(name) is value:
            facts[name] = other  # type: ignore[assignment]  # a function for a function
    return users


def _dependents(names: set[str]) -> set[str]:
    known = set(every_fact())
    found = names & known
    while more := {name for name in known - found if found & set(needs_of(name))}:
        found |= more
    return found
