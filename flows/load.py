"""Reads the data folder: every file claimed by one source, every line accounted for."""

import gzip
import hashlib
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from transforms.data_sets import with_data_sets
from transforms.edgar_lists import completed
from transforms.gathering import Remark, gather, once
from transforms.native import read_native
from transforms.policy import Policy
from transforms.roster import resolve
from transforms.sources import REFUSED, File, Read, Source, claimants, refusal
from transforms.tables import NATIVE, TABLES

ASIDE = {".md", ".py", ".toml", ".yaml"}
"""Endings of files that stand beside the data and are none; they are left alone unless a source claims them."""

GZIP = b"\x1f\x8b"
"""How a gzipped file begins."""
MOST_BYTES = 2**31


class InputMissing(Exception):  # noqa: N818 - it names what is wrong, as users read it
    """A required input is not there; the message is one sentence that names it."""


@dataclass
class Loaded:
    """What was read from the folder: tables, refusals, remarks, missing tables, and the counts that must add up."""

    tables: dict[str, pl.DataFrame]
    refused: pl.DataFrame
    remarks: list[Remark]
    missing: frozenset[str]
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)


def load(folder: Path, policy: Policy) -> Loaded:
    """Every file of the folder as canonical tables. Raises InputMissing where a required table is not there."""
    if not folder.is_dir():
        raise InputMissing(f"{folder}: no such folder, expected the data folder. Give its path with --data.")
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not _hidden(path, folder)]
    native = {_native_table(path) for path in files} - {""}
    for name, table in TABLES.items():
        if table.required and name not in native:
            raise InputMissing(f"{name}.csv: not in {folder}, expected the table {name}. Add the file; a header alone says that it is empty.")
    contents = {path.relative_to(folder).as_posix(): path for path in files}
    reads = {name: _read(name, path) for name, path in contents.items()}
    tables, refused, remarks = gather(reads)
    remarks += [("unread_line", f"{row['file']}:{row['line']}", row["reason"], 1) for row in refused.iter_rows(named=True)]
    hashes = {name: _sha256(path) for name, path in contents.items()}
    given = _given(reads, tables)
    missing = frozenset(name for name in NATIVE if name not in given)
    for name in sorted(missing):
        if TABLES[name].required:  # the file is there, but nothing of it could be read
            raise InputMissing(
                next((why for why in refused["reason"] if f"{name}." in why), f"{name}: no row could be read, expected the table {name}. Add the file.")
            )
    counts = {name: {"read": len(frame), "loaded": len(frame), "refused": 0, "dropped": 0, "superseded": 0} for name, frame in tables.items()}
    _count_lines(reads, counts)
    return _settled(Loaded(tables, refused, remarks, missing, counts, hashes), policy)


def _given(reads: dict[str, Read], tables: dict[str, pl.DataFrame]) -> frozenset[str]:
    """Tables of which a file tells. The SEC's data sets tell of filings by their forms and owners together, and of filing lines by
    the table of what is no derivative: without one of these, what was filed is not known.
    """
    given = {name for read in reads.values() for name in read.rows}
    if not tables["listed_forms"].is_empty() and not tables["listed_owners"].is_empty():
        given.add("filings")
    if not tables["listed_lines"].filter(~pl.col("derivative")).is_empty():
        given.add("filing_lines")
    return frozenset(given)


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)


def _native_table(path: Path) -> str:
    """The table that a file of this name holds in native form, or nothing."""
    return path.stem if path.suffix.lower() in {".csv", ".parquet"} and path.stem in NATIVE else ""


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(name: str, path: Path) -> Read:
    """What becomes of one file: native table, the one source that claims it, or a blind spot."""
    try:
        content = _content(path)
    except (OSError, EOFError, zlib.error):
        content = None
    if content is None:
        return refusal(File(name, b""), 1, f"it can't be unpacked, or holds more than {MOST_BYTES // 2**30} GiB, expected a gzipped file. Unpack it by hand.")
    file = File(name, content)
    claims = claimants(file.head)
    if len(claims) > 1:
        names = " and ".join(claim.name for claim in claims)
        return refusal(file, 1, f"claimed by {names}, expected one source. Tell the two formats apart in their signatures.")
    if claims:
        return _guarded(claims[0], file)
    table = _native_table(path)
    if table:
        return read_native(file, table)
    if path.suffix.lower() in ASIDE or not file.content.strip():
        return Read() if file.content.strip() else refusal(file, 1, "the file is empty, expected data. Remove it or export it again.")
    said = f"{name}: no source claims this file, so none of it was read."
    return Read(remarks=[("unclaimed_file", name, said, file.content.count(b"\n") + 1)])


def _guarded(source: Source, file: File) -> Read:
    """A source's reading; a file that makes it fail is refused as a whole, never passed over."""
    try:
        read = source.read(file)
    except Exception as error:  # noqa: BLE001 - whatever a broken file does to a parser, the night goes on
        return refusal(file, 1, f"{source.name} could not read the file ({type(error).__name__}), expected its format. Export it again.")
    if not read.balanced:
        return refusal(file, 1, f"{source.name} lost count of the lines, expected each to end in one place. Report this as a fault of the reader.")
    return read


def _count_lines(reads: dict[str, Read], counts: dict[str, dict[str, int]]) -> None:
    """Refusals and drops count for the table that the file holds; a file that gave none counts under `(none)`."""
    counts["(none)"] = {"read": 0, "loaded": 0, "refused": 0, "dropped": 0, "superseded": 0}
    for read in reads.values():
        table = next(iter(read.rows), "(none)")
        counts[table]["refused"] += len(read.refused)
        counts[table]["dropped"] += len(read.dropped)
        counts[table]["read"] += len(read.refused) + len(read.dropped)


def _settled(loaded: Loaded, policy: Policy) -> Loaded:
    """Ids resolved, each key once; whatever could not stay is refused, and the counts follow."""
    unusable = _data_sets(loaded, policy)
    tables, strangers = resolve(loaded.tables, policy)
    for table in ("filings", "filing_lines"):
        gone = len(loaded.tables[table]) - len(tables[table])
        loaded.counts[table]["loaded"] -= gone
        loaded.counts[table]["refused"] += gone
    for table in ("announcements", "periodic_filings"):
        added = len(tables[table]) - len(loaded.tables[table])
        loaded.counts[table]["read"] += added
        loaded.counts[table]["loaded"] += added
    refused = [loaded.refused, unusable, strangers]
    loaded.remarks += [("failed_expectation", f"{row['file']}:{row['line']}", row["reason"], 1) for row in strangers.iter_rows(named=True)]
    for name, rows in tables.items():
        kept, superseded, doubled = once(name, rows)
        tables[name] = kept
        refused.append(doubled)
        loaded.remarks += [("failed_expectation", f"{row['file']}:{row['line']}", row["reason"], 1) for row in doubled.iter_rows(named=True)]
        loaded.counts[name]["loaded"] -= superseded + len(doubled)
        loaded.counts[name]["superseded"] += superseded
        loaded.counts[name]["refused"] += len(doubled)
    loaded.tables, loaded.refused = tables, pl.concat([pl.DataFrame(schema=REFUSED), *refused])
    return loaded


def _data_sets(loaded: Loaded, policy: Policy) -> pl.DataFrame:
    """The SEC's data sets brought to filings, and the rows that can't be used; what is about other issuers is dropped."""
    whole = completed(loaded.tables)
    loaded.tables, unusable = with_data_sets(whole, policy)
    for name, rows in loaded.tables.items():
        added, count = len(rows) - len(whole[name]), loaded.counts[name]
        count["loaded"] += added
        count["dropped" if TABLES[name].staged and added < 0 else "read"] += abs(added)
    for name, rows in unusable.items():
        loaded.counts[name]["read"] += len(rows)
        loaded.counts[name]["refused"] += len(rows)
        loaded.remarks += [("unread_line", f"{row['file']}:{row['line']}", row["reason"], 1) for row in rows.iter_rows(named=True)]
    return pl.concat([pl.DataFrame(schema=REFUSED), *unusable.values()])


def _content(path: Path) -> bytes | None:
    """The bytes of a file, unpacked where it is gzipped; none where they are more than can be."""
    content = path.read_bytes()
    if not content.startswith(GZIP):
        return content
    with gzip.open(path) as stream:
        unpacked = stream.read(MOST_BYTES + 1)
    return unpacked if len(unpacked) <= MOST_BYTES else None
