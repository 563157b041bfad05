"""What can be sown into a book: faults, their twins on the right side of the boundary, and the innocent crowd."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Plant:
    """A fault of a rule, or a twin that does what is just still fine."""

    rule: str
    sow: Callable
    fires: bool

    @property
    def name(self) -> str:
        return self.sow.__name__

    def into(self, book) -> None:
        """Add its rows and labels to a book; a fault must declare a finding of its rule, a twin must not."""
        before, book.sowing = len(book.labels), self.name
        self.sow(book)
        declared = {label.rule for label in book.labels[before:]}
        if (self.rule in declared) != self.fires:
            raise ValueError(f"{self.name} declares {sorted(declared)}, expected {'a' if self.fires else 'no'} finding of {self.rule}.")


PLANTS: list[Plant] = []
CROWD: list[Callable] = []


def fault(rule: str) -> Callable:
    """Mark a function that plants a fault of a rule."""

    def register(sow: Callable) -> Callable:
        PLANTS.append(Plant(rule, sow, fires=True))
        return sow

    return register


def twin(rule: str) -> Callable:
    """Mark a function that plants what a rule just lets pass."""

    def register(sow: Callable) -> Callable:
        PLANTS.append(Plant(rule, sow, fires=False))
        return sow

    return register


def innocent(sow: Callable) -> Callable:
    """Mark a function that adds people who do as they should."""
    CROWD.append(sow)
    return sow


@cache
def _load() -> None:
    from tests.planted import plants

    for module in pkgutil.iter_modules(plants.__path__):
        importlib.import_module(f"{plants.__name__}.{module.name}")


def every_plant() -> list[Plant]:
    """Every fault and twin, by rule and name."""
    _load()
    return sorted(PLANTS, key=lambda plant: (plant.rule, plant.name))


def the_crowd() -> list[Callable]:
    """Every kind of innocent people, by name."""
    _load()
    return sorted(CROWD, key=lambda sow: sow.__name__)
