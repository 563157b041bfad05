"""Who people are: their names, and the roles they had; and what the report asks of facts."""

from collections import defaultdict
from datetime import date
from typing import Protocol

import polars as pl

from transforms.reports.words import plain


class Facts(Protocol):
    """Facts and canonical tables by name, as a derivation or a plain dictionary holds them."""

    def __getitem__(self, name: str, /) -> pl.DataFrame:
        """The table of that name."""
        ...


class People:
    """Names and roles by person_id."""

    def __init__(self, people: pl.DataFrame, roles: pl.DataFrame) -> None:
        """Read both tables once."""
        self._names: dict[str, str] = dict(people.select("person_id", "name").rows())
        self._roles: dict[str, list[tuple[str, date, date | None]]] = defaultdict(list)
        for person_id, *role in roles.select("person_id", "role", "from_on", "until_on").sort("from_on", "role").rows():
            self._roles[person_id].append((role[0], role[1], role[2]))

    def name(self, person_id: str) -> str:
        """The person's name; the id where none is on record."""
        return self._names.get(person_id) or person_id or "Nobody on record"

    def called(self, person_id: str | None) -> str:
        """Name and id, or the id alone where no name is on record."""
        if not person_id:
            return "nobody on record"
        name = self._names.get(person_id)
        return f"{name} ({person_id})" if name and name != person_id else person_id

    def roles(self, person_id: str, on: date | None) -> str:
        """The roles held on a day, in words."""
        held = [role for role, start, end in self._roles.get(person_id, []) if on and start <= on and (end is None or on <= end)]
        return ", ".join(plain(role) for role in dict.fromkeys(held))
