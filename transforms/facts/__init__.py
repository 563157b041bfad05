"""Facts: one file a fact, a function named after the table it makes; its parameters name what it needs.

A parameter is a canonical table, another fact, or one of `policy`, `sessions`, `business_days`, `as_of` and `missing`
(the names of tables without a file). What is given is used, what is not is computed: the nightly run, the scenarios
and a what-if are the same code. Facts are total: a row for every thing, good or bad.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import polars as pl

from transforms.policy import Policy
from transforms.tables import TABLES


@cache
def every_fact() -> dict[str, Callable[..., pl.DataFrame]]:
    """Every fact by name: the function of each module of this folder that has the module's name."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    return {name: getattr(importlib.import_module(f"{__name__}.{name}"), name) for name in sorted(names)}


class ReadingsAsked:
    """A policy that notes which readings are asked of it, so that a what-if computes only what depends on one."""

    def __init__(self, policy: Policy) -> None:
        """Wrap a policy."""
        self._policy = policy
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        """Whatever else a policy has."""
        return getattr(self._policy, name)

    def reading(self, key: str) -> str | int:
        """The reading, noted."""
        self.asked.add(key)
        return self._policy.reading(key)

    def reads(self, key: str, value: str) -> bool:
        """Whether the reading has a value, noted."""
        self.asked.add(key)
        return self._policy.reads(key, value)


class Derivation:
    """What is known: the things given, and the facts computed from them, each once."""

    def __init__(self, **given: Any) -> None:
        """Start from canonical tables, `policy`, `sessions`, `business_days`, `as_of` and `missing`."""
        self.known: dict[str, Any] = given
        self.readings_of: dict[str, frozenset[str]] = {}
        self.tables_of: dict[str, frozenset[str]] = {}

    def __getitem__(self, name: str) -> Any:
        """A thing by name, computed at its first use."""
        if name not in self.known:
            self._compute(name)
        return self.known[name]

    def readings(self, name: str) -> frozenset[str]:
        """The readings that a thing depends on, through all that it is made from."""
        return self.readings_of.get(name, frozenset())

    def tables(self, name: str) -> frozenset[str]:
        """The canonical tables that a thing is made from, itself included."""
        return frozenset({name}) if name in TABLES else self.tables_of.get(name, frozenset())

    def _compute(self, name: str) -> None:
        facts = every_fact()
        if name not in facts:
            raise KeyError(f"{name}: no fact or table of that name, expected one of {', '.join(facts)}.")
        needs = list(inspect.signature(facts[name]).parameters)
        asking = ReadingsAsked(self["policy"])
        given = {need: asking if need == "policy" else self[need] for need in needs}
        self.known[name] = facts[name](**given)
        self.readings_of[name] = frozenset(asking.asked).union(*(self.readings(need) for need in needs))
        self.tables_of[name] = frozenset().union(*(self.tables(need) for need in needs))

    def derive(self, names: Iterable[str]) -> None:
        """Compute facts by name, with all that they need."""
        for name in names:
            self[name]

    def what_if(self, key: str, value: str | int) -> "Derivation":
        """The same things under another reading; only facts that depend on the reading are computed anew."""
        kept = {name: thing for name, thing in self.known.items() if key not in self.readings(name)}
        other = Derivation(**kept | {"policy": self["policy"].under(key, value)})
        other.readings_of = {name: keys for name, keys in self.readings_of.items() if name in kept}
        other.tables_of = dict(self.tables_of)
        return other
