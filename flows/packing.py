"""The form of an evidence pack: files, a manifest that chains them, and a signature; made and checked without a store."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.ledger.chain import FIRST, broken, canonical
from flows.signing import SigningKey, is_signed, public_half, signature_of

MANIFEST, SIGNATURE = "manifest.json", "signature.json"
FORM = "hindsight evidence pack 1"
WHEN = (1980, 1, 1, 0, 0, 0)
"""The time that each file of a zip names, so that the same pack is the same zip."""


class PackError(Exception):
    """A pack can't be made or read; the message is one sentence."""


@dataclass(frozen=True)
class Check:
    """One thing that was checked: whether it holds, and what was found, in words."""

    holds: bool
    said: str


def sealed(contents: Mapping[str, bytes], about: Mapping[str, Any], key: SigningKey) -> dict[str, bytes]:
    """Contents with their manifest and its signature, by path."""
    entries, previous = [], FIRST
    for number, path in enumerate(sorted(contents), 1):
        entry = {"number": number, "path": path, "bytes": len(contents[path]), "sha256": hashlib.sha256(contents[path]).hexdigest(), "previous": previous}
        previous = entry["hash"] = _hash(entry)
        entries.append(entry)
    manifest = _json({"form": FORM, "about": dict(about), "entries": entries, "head": previous})
    seal = _json({"algorithm": "Ed25519", "public_key": public_half(key), "signature": signature_of(key, manifest), "of": MANIFEST})
    return {**contents, MANIFEST: manifest, SIGNATURE: seal}


def _hash(entry: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical({name: value for name, value in entry.items() if name != "hash"}).encode()).hexdigest()


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def as_zip(files: Mapping[str, bytes]) -> bytes:
    """The pack as one zip; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path, WHEN), files[path])
    return buffer.getvalue()


def read_pack(place: Path) -> tuple[dict[str, bytes], list[Check]]:
    """The files of a pack, a folder or a zip, and what is wrong with how they are kept. Raises PackError where there is none."""
    if place.is_dir():
        return _read_folder(place)
    try:
        content = place.read_bytes()
    except OSError:
        raise PackError(f"{place}: no such folder or file, expected an evidence pack. Give the path that `hindsight pack` wrote.") from None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            files = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        return {}, [Check(holds=False, said=f"{place.name}: the zip can't be read ({type(error).__name__}). It was altered.")]
    if len(names) == len(files) and as_zip(files) == content:
        return files, []
    return files, [Check(holds=False, said=f"{place.name}: the zip is not as it was written: something in it was added, moved or changed.")]


def is_pack(place: Path) -> bool:
    """Whether a folder or zip is a pack of this form, sound or not."""
    try:
        manifest = json.loads(read_pack(place)[0].get(MANIFEST, b"{}"))
    except (PackError, ValueError, OSError):
        return False
    return isinstance(manifest, dict) and manifest.get("form") == FORM


def _read_folder(place: Path) -> tuple[dict[str, bytes], list[Check]]:
    files, faults = {}, []
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            faults.append(Check(holds=False, said=f"{name}: this is a link or no plain file, expected a file as it was written. It was added or changed."))
        elif path.is_file():
            files[name] = path.read_bytes()
        elif not any(path.iterdir()):
            faults.append(Check(holds=False, said=f"{name}: an empty folder that the pack does not have. It was added, or its files were taken out."))
    return files, faults


def verify(files: Mapping[str, bytes], trusted: str = "") -> list[Check]:
    """What holds of a pack and what does not, in order; with `trusted`, whether it was signed by that public key."""
    try:
        return _verified(files, trusted)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError):
        return [Check(holds=False, said="Its files do not hold what the files of a pack hold. They were changed, by whoever signed it too.")]


def _verified(files: Mapping[str, bytes], trusted: str) -> list[Check]:
    manifest = _read(files, MANIFEST)
    seal = _read(files, SIGNATURE)
    if manifest is None or seal is None:
        return [
            Check(holds=False, said=f"{name}: not there, or not as it was written. It was taken out or changed.")
            for name, held in ((MANIFEST, manifest), (SIGNATURE, seal))
            if held is None
        ]
    checks = [_signed(files, seal), *_trusted(seal, trusted), *_entries(files, manifest)]
    if all(each.holds for each in checks):
        checks += [*_chain(files), *_rests(files, manifest)]
    return checks


def _read(files: Mapping[str, bytes], name: str) -> dict[str, Any] | None:
    """A file of the seal, where it is written as this program writes it."""
    try:
        held = json.loads(files[name])
    except (KeyError, ValueError, RecursionError):
        return None
    return held if isinstance(held, dict) and _json(held) == files[name] else None


def _signed(files: Mapping[str, bytes], seal: Mapping[str, Any]) -> Check:
    if set(seal) == {"algorithm", "public_key", "signature", "of"} and seal["algorithm"] == "Ed25519" and seal["of"] == MANIFEST and _is_hex(seal):
        if is_signed(seal["public_key"], seal["signature"], files[MANIFEST]):
            return Check(holds=True, said=f"The manifest is signed by the key {seal['public_key']}.")
        return Check(holds=False, said="The signature does not fit the manifest: the manifest, the signature or the key was changed.")
    return Check(holds=False, said=f"{SIGNATURE}: it does not hold what a signature holds. It was changed.")


def _is_hex(seal: Mapping[str, Any]) -> bool:
    return all(isinstance(seal[name], str) and seal[name] == seal[name].lower() for name in ("public_key", "signature"))


def _trusted(seal: Mapping[str, Any], trusted: str) -> list[Check]:
    if not trusted:
        return []
    if seal.get("public_key") == trusted.strip().lower():
        return [Check(holds=True, said="That is the key that you named.")]
    return [Check(holds=False, said=f"The key is not the one that you named ({trusted.strip().lower()}): somebody else signed this pack.")]


def _entries(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> list[Check]:
    """Each file as the manifest names it, none left out, none added, all in their order."""
    entries, previous, faults = manifest.get("entries"), FIRST, []
    if manifest.get("form") != FORM or not isinstance(entries, list):
        return [Check(holds=False, said=f"{MANIFEST}: it is no manifest of a pack of this form. It was changed, or this version can't read it.")]
    for number, entry in enumerate(entries, 1):
        path, content = entry["path"], files.get(entry["path"])
        if entry["number"] != number or entry["previous"] != previous or entry["hash"] != _hash(entry):
            faults.append(f"{path}: its entry does not follow the one before it. Entries were changed or moved.")
        elif content is None:
            faults.append(f"{path}: not there. It was taken out.")
        elif len(content) != entry["bytes"] or hashlib.sha256(content).hexdigest() != entry["sha256"]:
            faults.append(f"{path}: its content is not the one that was signed. It was changed.")
        previous = entry["hash"]
    if manifest.get("head") != previous:
        faults.append(f"{MANIFEST}: its last entry is not the one that it names. Entries were taken out or added.")
    extra = sorted(set(files) - {entry["path"] for entry in entries} - {MANIFEST, SIGNATURE})
    faults += [f"{path}: the manifest does not name it. It was added." for path in extra]
    return [Check(holds=False, said=said) for said in faults] or [
        Check(holds=True, said=f"All {len(entries)} files are as they were signed; none was added or taken out.")
    ]


def _chain(files: Mapping[str, bytes]) -> list[Check]:
    """The ledger's events: each follows the one before it, and each that is told has its hash."""
    held = files.get("ledger.jsonl")
    if held is None:
        return []
    *events, head = [json.loads(line) for line in held.decode().splitlines()]
    said = broken(events, (head["sequence"], head["hash"]))
    told = sum("body" in each for each in events)
    return [Check(holds=not said, said=said or f"The ledger's chain holds over {len(events)} events; {told} are told in full, of the others place and hash.")]


def _rests(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> list[Check]:
    """What the contents say of each other: policy and rules by the hashes of the run, cited lines by the files that went in."""
    run = json.loads(files["run.json"])
    is_policy = hashlib.sha256(files["policy.toml"]).hexdigest() == run.get("policy")
    rules = {Path(path).stem: hashlib.sha256(content).hexdigest() for path, content in files.items() if path.startswith("rules/")}
    other = sorted(name for name, held in rules.items() if run.get("rules", {}).get(name) != held)
    rows = [json.loads(line) for line in files["rows.jsonl"].decode().splitlines()]
    unknown = sorted({row["file"] for row in rows if row["file"] not in run.get("inputs", {}) and row["file"] != "ledger"})
    remarks = set(manifest["about"].get("remarks", []))
    changed = [] if is_policy else ["policy"]
    return [
        Check(remarks.issuperset(changed), "The policy is the one that the run judged by." if is_policy else f"The policy's text is not, byte for byte, the one that the run judged by{_noted(changed, remarks)}."),
        Check(remarks.issuperset(other), f"The text of {len(rules) - len(other)} of {len(rules)} rules is the one that the run judged by" + (f"; another text: {', '.join(other)}{_noted(other, remarks)}." if other else ".")),
        Check(remarks.issuperset(unknown), f"{len(rows)} rows are cited, each from a file that went into the run." if not unknown else f"Rows of {', '.join(unknown)} are cited, which the run's record does not name{_noted(unknown, remarks)}."),
    ]  # fmt: skip


def _noted(names: list[str], remarks: set[str]) -> str:
    """Whether what differs was noted by whoever made the pack."""
    return "; that was noted when the pack was made" if remarks.issuperset(names) else "; that was not noted when the pack was made"
