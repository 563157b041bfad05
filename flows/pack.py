"""Writes an evidence pack: everything that a case or a quarter rests on, so that a stranger can check it."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from desk.ledger import Ledger, url_beside
from flows.book import Book, Files
from flows.ledger import SQLITE
from flows.packing import PackError, as_zip, is_pack, sealed
from flows.signing import public_half, signing_key
from flows.store import Store

README = """This is an evidence pack of Hindsight about {what}, as on record on {night}.

  findings.jsonl    what was found, one finding a line, with the sentence and the evidence
  rows.jsonl        the rows on record that the findings rest on, each with its file and line
  run.json          the record of the night: what went in (SHA-256 of every file), what was read and refused, versions
  policy.toml       the policy that the night judged by
  rules/            the text of the rules that found it
  ledger.jsonl      what people decided and answered; of entries about other matters only place and hash, so that the chain can be followed; the last line is its head
  manifest.json     every file with its SHA-256, each entry chained to the one before it
  signature.json    the Ed25519 signature of manifest.json, and the public key

`hindsight verify FOLDER` checks all of it without the store. Compare the key that it prints with the one that the company gave you by another way:
a pack that somebody altered and signed anew has another key. A finding states facts on record for a person to look at. It decides nothing.
"""


def write_pack(store: Path, case: str, quarter: str, out: Path, key_file: str) -> str:
    """Write the pack of a case or a quarter as a folder, or as a zip where `out` ends with .zip; says where it is. Raises PackError, KeyFault, StoreError."""
    out = out.resolve()
    if not _is_free(out):
        raise PackError(f"{out}: there is something else, expected a new path or an earlier pack. Give another one with --out.")
    with Store(store, read_only=True) as held:
        book = Book(held, _ledger(url_beside(store)))
        contents, what = (book.of_case(case), f"the case {case}") if case else (book.of_quarter(quarter), f"the quarter {quarter}")
    key = signing_key(store, key_file)
    told = {"what": what, "night": str(book.night), "made": datetime.now(UTC).isoformat(timespec="seconds"), "remarks": book.remarks(contents)}
    files = sealed({**contents, "README.txt": README.format(what=what, night=book.night).encode()}, told, key)
    _write(files, out)
    return f"Pack: {out}\nFiles: {len(files)}\nSigned by: {public_half(key)}"


def _is_free(out: Path) -> bool:
    """Whether nothing is there, or an earlier pack, or an empty folder: nothing of somebody else's is ever replaced."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return True
    return is_pack(out)


def _ledger(url: str) -> Ledger | None:
    """The ledger; none where nobody decided anything yet. One that HINDSIGHT_LEDGER names has to be there."""
    if not url.startswith(SQLITE) or Path(url.removeprefix(SQLITE)).is_file():
        return Ledger(url)
    if os.environ.get("HINDSIGHT_LEDGER"):
        raise PackError(
            "HINDSIGHT_LEDGER: no such file, expected the ledger that the desk writes. Correct it: a pack without the decisions would not be whole."
        )
    return None


def _write(files: Files, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = out.with_name(f".{out.name}.new")
    if out.suffix == ".zip":
        fresh.write_bytes(as_zip(files))
        fresh.replace(out)
        return
    shutil.rmtree(fresh, ignore_errors=True)
    for path, content in files.items():
        (fresh / path).parent.mkdir(parents=True, exist_ok=True)
        (fresh / path).write_bytes(content)
    shutil.rmtree(out, ignore_errors=True)
    fresh.rename(out)
