"""Sources: one file a format, bytes to canonical rows, refusals and declared drops.

A source is a function named after its format. It is decorated with the signature by which its bytes are
recognised; a file's name never matters. Readers turn every cell into text; `ledger` types it, so that nothing is
guessed, and sends every line to exactly one place: a row, a refusal or a drop.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from transforms.tables import COUNT, TABLES, TEXT

REFUSED = {"file": TEXT, "line": COUNT, "reason": TEXT, "raw": TEXT}
DROPPED = {"file": TEXT, "line": COUNT, "reason": TEXT}
HEAD = 4096
"""How many bytes a signature may look at."""


@dataclass(frozen=True)
class File:
    """A file below the data folder: its path there and its bytes."""

    path: str
    content: bytes

    @property
    def head(self) -> bytes:
        """The first bytes, which signatures look at."""
        return self.content[:HEAD]


@dataclass
class Read:
    """What became of a file: rows by table, refusals, drops and remarks. lines = rows + refusals + drops."""

    rows: dict[str, pl.DataFrame] = field(default_factory=dict)
    refused: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REFUSED))
    dropped: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DROPPED))
    lines: int = 0
    remarks: list[tuple[str, str, str, int]] = field(default_factory=list)
    """Blind spots that the reader met: kind, where, what, rows."""

    def __add__(self, other: "Read") -> "Read":
        """Two reads of one file as one."""
        rows = dict(self.rows)
        for table, frame in other.rows.items():
            rows[table] = pl.concat([rows[table], frame]) if table in rows else frame
        return Read(
            rows,
            pl.concat([self.refused, other.refused]),
            pl.concat([self.dropped, other.dropped]),
            self.lines + other.lines,
            self.remarks + other.remarks,
        )

    @property
    def balanced(self) -> bool:
        """Whether every line ended in one place."""
        return self.lines == sum(map(len, self.rows.values())) + len(self.refused) + len(self.dropped)


@dataclass(frozen=True)
class Source:
    """A format: its name, the signature of its bytes and its reader."""

    name: str
    recognises: Callable[[bytes], bool]
    read: Callable[[File], Read]
    meaning: str


SOURCES: dict[str, Source] = {}


def source(recognises: Callable[[bytes], bool]) -> Callable[[Callable[[File], Read]], Callable[[File], Read]]:
    """Declare a source: the decorated function reads what `recognises` claims from the first bytes."""

    def declare(read: Callable[[File], Read]) -> Callable[[File], Read]:
        SOURCES[read.__name__] = Source(read.__name__, recognises, read, (read.__doc__ or "").strip())
        return read

    return declare


def every_source() -> dict[str, Source]:
    """Every source by name; the modules of this folder, each found by being there."""
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            importlib.import_module(f"{__name__}.{module.name}")
    return dict(sorted(SOURCES.items()))


def claimants(head: bytes) -> list[Source]:
    """The sources that claim a file from its first bytes: one is right, several are an error, none a blind spot."""
    return [each for each in every_source().values() if each.recognises(head)]


def refusal(file: File, line: int, reason: str, raw: str = "") -> Read:
    """A read of one line that was refused."""
    row = {"file": [file.path], "line": [line], "reason": [f"{file.path}:{line}: {reason}"], "raw": [raw[:500]]}
    return Read(refused=pl.DataFrame(row, schema=REFUSED), lines=1)


def ledger(
    printed: pl.DataFrame,
    file: File,
    table: str,
    columns: dict[str, pl.Expr],
    *,
    drop: pl.Expr,
    refuse: pl.Expr,
    key: str = "",
) -> Read:
    """Send printed lines (columns of text, with `line` and `raw`) to rows of a table, refusals and drops.

    `drop` and `refuse` give the reason as text, or null. `refuse` is prefixed with file and line. Columns that the map
    lacks are empty. `key` names the column whose content identifies a row where the broker gives no reference: it
    becomes key + n-th such line of the file, so equal fills stay two and overlapping exports do not double.
    """
    spec = TABLES[table]
    judged = printed.with_columns(_drop=drop.cast(TEXT), _refuse=refuse.cast(TEXT))
    dropped = judged.filter(pl.col("_drop").is_not_null())
    refused = judged.filter(pl.col("_drop").is_null() & pl.col("_refuse").is_not_null())
    kept = judged.filter(pl.col("_drop").is_null() & pl.col("_refuse").is_null())
    given = {name: columns.get(name, pl.lit(None)).cast(dtype) for name, dtype in spec.schema.items() if name not in {"source_file", "source_line"}}
    rows = kept.select(**given, source_file=pl.lit(file.path), source_line=pl.col("line").cast(COUNT))
    if key:
        nth = (pl.int_range(pl.len()).over(key) + 1).cast(TEXT)
        rows = rows.with_columns(pl.concat_str([pl.col(key), nth], separator="#").alias(key))
    return Read(
        rows={table: rows},
        refused=refused.select(
            file=pl.lit(file.path),
            line=pl.col("line").cast(COUNT),
            reason=pl.format("{}:{}: {}", pl.lit(file.path), "line", "_refuse"),
            raw=pl.col("raw").str.head(500),
        ),
        dropped=dropped.select(file=pl.lit(file.path), line=pl.col("line").cast(COUNT), reason=pl.col("_drop")),
        lines=len(printed),
    )


def first_reason(*reasons: tuple[pl.Expr, pl.Expr | str]) -> pl.Expr:
    """The reason of the first condition that holds, as text; null where none does."""
    said = [pl.when(condition).then(reason if isinstance(reason, pl.Expr) else pl.lit(reason)) for condition, reason in reasons]
    return pl.coalesce(*said) if said else pl.lit(None, dtype=TEXT)


def unless(right: pl.Expr, cell: str, name: str, expected: str, *, empty: bool = False) -> tuple[pl.Expr, pl.Expr]:
    """A condition that the cell of a column is wrong, and the sentence of its refusal; an empty one may be right."""
    found = pl.format("{} is {}, expected {}. Correct the line.", pl.lit(name), pl.col(cell).fill_null("empty"), pl.lit(expected))
    return ~(right.fill_null(value=False) | (pl.col(cell).is_null() & empty)), found


def amount(cell: pl.Expr) -> pl.Expr:
    """A printed number without currency sign and thousands separators, as text that Decimal reads; null if it is none."""
    bare = cell.str.strip_chars().str.replace_all(r"[$,\s]", "").str.replace(r"^\((.*)\)$", "-$1")
    return pl.when(bare.str.contains(r"^[+-]?(\d+\.?\d*|\.\d+)$")).then(bare.str.strip_prefix("+"))


def number(cell: pl.Expr) -> pl.Expr:
    """A printed number as an exact decimal, at most 6 places kept (half up); null if it is none."""
    return amount(cell).cast(pl.Decimal(38, 12), strict=False).round(6).cast(pl.Decimal(18, 6), strict=False)


def fingerprint(*cells: pl.Expr) -> pl.Expr:
    """A short, stable id of what was printed, for rows that the broker gives no reference."""
    printed = pl.concat_str([cell.fill_null("") for cell in cells], separator="|")
    return printed.str.replace_all("/", "-", literal=True).str.replace_all(r"\s+", " ")
