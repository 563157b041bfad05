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
        self.asked: dict[str, frozenset[str]] = {}

    def __getitem__(self, name: str) -> Any:
        """A thing by name, computed at its first use."""
        if name not in self.known:
            self.known[name] = self._computed(name)
        return self.known[name]

    def derive(self, names: Iterable[str]) -> None:
        """Compute facts by name, with all that they need."""
        for name in names:
            self[name]

    def what_if(self, key: str, value: str | int) -> "WhatIf":
        """The same things under another reading."""
        return WhatIf(self, key, value)

    def _computed(self, name: str) -> pl.DataFrame:
        asking = ReadingsAsked(self["policy"])
        given = {need: asking if need == "policy" else self[need] for need in needs_of(name)}
        made = every_fact()[name](**given)
        self.asked[name] = frozenset(asking.asked)
        return made


@cache
def needs_of(name: str) -> tuple[str, ...]:
    """What a fact is made from, by name."""
    facts = every_fact()
    if name not in facts:
        raise KeyError(f"{name}: no fact or table of that name, expected one of {', '.join(facts)}.")
    return tuple(inspect.signature(facts[name]).parameters)


class WhatIf:
    """Facts under one other reading: made anew only where the reading, or something made from it, comes out differently."""

    def __init__(self, base: Derivation, key: str, value: str | int) -> None:
        """Start from what is known, with one reading put in alone."""
        self._base, self._key = base, key
        self.policy = base["policy"].under(key, value)
        self._changed: dict[str, pl.DataFrame | None] = {}

    def __getitem__(self, name: str) -> Any:
        """A thing by name under the other reading."""
        changed = self._other(name)
        return self._base[name] if changed is None else changed

    def differs(self, name: str) -> bool:
        """Whether a thing comes out differently under the other reading."""
        return self._other(name) is not None

    def _other(self, name: str) -> pl.DataFrame | None:
        if name not in every_fact():
            return None
        if name not in self._changed:
            self._changed[name] = self._again(name)
        return self._changed[name]

    def _again(self, name: str) -> pl.DataFrame | None:
        before: pl.DataFrame = self._base[name]
        moved = [need for need in needs_of(name) if self.differs(need)]
        if not moved and self._key not in self._base.asked[name]:
            return None
        made = every_fact()[name](**{need: self.policy if need == "policy" else self[need] for need in needs_of(name)})
        return None if made.equals(before) else made
