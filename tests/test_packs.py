"""Evidence packs: a sound one holds without a store, and one that anybody tampered with does not, whatever was done to it."""

import json
import os
import random
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from desk.ledger import Event, Ledger, url_beside
from desk.ledger.attesting import ANSWER, about
from desk.ledger.ledger import DECISION
from flows.__main__ import main
from flows.night import Asked, run_night
from flows.outputs import OutputError
from flows.pack import write_pack
from flows.packing import PackError, as_zip, read_pack, sealed, verify
from flows.quarter import run_quarter
from flows.signing import KeyFault, public_half, signing_key
from flows.store import Store
from tests.runner import Lenient, without_readings
from tests.test_sample import SAMPLE
from transforms.attesting import QuarterError

CASE, NIGHT = "osei/ibkr:24120502", date(2025, 2, 28)
PACKS, SEED = 100, 20250228


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """A night of the sample with some decisions and answers in the ledger."""
    folder = tmp_path_factory.mktemp("packs")
    path = folder / "s.duckdb"
    ledger = Ledger(url_beside(path))
    for n, case in enumerate((CASE, "nwosu/ofx:4417-90021:24090501", CASE, "baek/COMMON"), 1):
        body = {"decision": "note", "note": f"note {n}: gehört zur Akte", "person_id": "kealoha", "name": "Leilani Kealoha", "known": []}
        ledger.add(Event(f"decision-{n}", DECISION, "u1", body, case, at=datetime(2025, 1, n, 12, tzinfo=UTC)))
    said = {"person_id": "osei", "name": "Kwabena Osei-Mensah", "quarter_ended_on": "2024-12-31", "statements": {"policy_read": True}, "corrections": {}, "print": "x", "night": "2025-01-08", "contradicted": {}}  # fmt: skip
    early = {**said, "person_id": "hohenstein"}
    ledger.add(Event("answer-0", ANSWER, "u3", early, about(date(2024, 12, 31), "hohenstein"), at=datetime(2025, 1, 7, 12, tzinfo=UTC)))
    ledger.add(Event("answer-1", ANSWER, "u2", said, about(date(2024, 12, 31), "osei"), at=datetime(2025, 1, 8, 12, tzinfo=UTC)))
    with without_readings():
        run_night(Asked(SAMPLE, NIGHT, path, folder / "out", SAMPLE / "policy.toml", url_beside(path)), lambda stage, _: stage, Lenient)
    return path


@pytest.fixture(scope="module")
def packs(store, tmp_path_factory) -> dict[str, Path]:
    """A pack of a case and one of a quarter, each as folder and as zip."""
    folder = tmp_path_factory.mktemp("written")
    made = {"case": folder / "case", "quarter": folder / "quarter", "case.zip": folder / "case.zip", "quarter.zip": folder / "quarter.zip"}
    for name, path in made.items():
        write_pack(store, CASE if name.startswith("case") else "", "" if name.startswith("case") else "2024Q4", path, "")
    return made


def is_sound(path: Path, trusted: str = "") -> bool:
    files, faults = read_pack(path)
    checks = [*faults, *verify(files, trusted)]
    assert all(each.said.endswith((".", "…")) for each in checks)
    return bool(checks) and all(each.holds for each in checks)


def test_a_sound_pack_holds_on_a_machine_without_the_store(packs, tmp_path):
    for name, path in packs.items():
        moved = tmp_path / name
        shutil.copytree(path, moved) if path.is_dir() else shutil.copy(path, moved)
        asked = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "HOME": str(tmp_path)}
        for key in ("HINDSIGHT_LEDGER", "HINDSIGHT_SIGNING_KEY"):
            asked.pop(key, None)
        told = subprocess.run([sys.executable, "-m", "flows", "verify", str(moved)], cwd=tmp_path, env=asked, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout + told.stderr
        assert told.stdout.endswith("The pack holds.\n")
        assert "ALTERED" not in told.stdout


def test_what_a_pack_of_a_case_holds(packs):
    files, _ = read_pack(packs["case"])
    chain = [json.loads(line) for line in files["ledger.jsonl"].decode().splitlines()]
    assert [("body" in each) for each in chain] == [True, False, True, False, False, False, False], "of other matters place and hash alone; the head is last"
    assert "gehört zur Akte" in chain[0]["body"]
    assert {json.loads(line)["finding_id"] for line in files["findings.jsonl"].decode().splitlines()} == {"clearance_exceeded/osei/ibkr:24120503"}
    assert {json.loads(line)["table"] for line in files["rows.jsonl"].decode().splitlines()} >= {"trades", "clearances"}
    assert "C-osei-241205" in files["explained/001.txt"].decode()
    assert "rules/clearance_exceeded.py" in files
    other = b"".join(files.values())
    assert b"C-quispe" not in other.replace(files["run.json"], b""), "nothing of other people's cases"


def test_what_a_pack_of_a_quarter_holds(packs):
    files, _ = read_pack(packs["quarter"])
    assert {"certificate.html", "certificate.pdf", "board.html", "board.pdf", "packets.jsonl", "gate.json", "packets/0001.pdf"} <= set(files)
    assert json.loads(files["gate.json"])["standing"] == "not signed"
    chain = [json.loads(line) for line in files["ledger.jsonl"].decode().splitlines()]
    assert '"person_id":"osei"' in chain[5]["body"]


def altered_bytes(content: bytes, chance: random.Random) -> bytes:
    """Some change of a file's bytes: one flipped, added, taken out, or two changed places."""
    place, kind = chance.randrange(len(content)), chance.choice(["flip", "add", "cut", "swap", "end"])
    if kind == "flip":
        return content[:place] + bytes([content[place] ^ (1 << chance.randrange(8))]) + content[place + 1 :]
    if kind == "add":
        return content[:place] + bytes([chance.randrange(256)]) + content[place:]
    if kind == "cut":
        return content[:place] + content[place + 1 :]
    if kind == "end":
        return content + chance.choice([b"\n", b" ", b"\0", content[:1]])
    other = next((n for n in range(len(content)) if content[n] != content[place]), place)
    changed = bytearray(content)
    changed[place], changed[other] = changed[other], changed[place]
    return bytes(changed) if changed != content else content + b" "


def tampered(files: dict[str, bytes], chance: random.Random) -> tuple[str, dict[str, bytes]]:
    """A pack with something done to it, and what that was."""
    name, done = chance.choice(sorted(files)), dict(files)
    kind = chance.choice(
        ["bytes", "bytes", "bytes", "take out", "add", "swap", "rename", "drop event", "move event", "edit manifest", "drop entry", "stranger"]
    )
    if kind == "bytes":
        done[name] = altered_bytes(files[name], chance)
    elif kind == "take out":
        del done[name]
    elif kind == "add":
        done[f"extra-{chance.randrange(1000)}.txt"] = b""
    elif kind == "swap":
        other = chance.choice([each for each in sorted(files) if files[each] != files[name]])
        done[name], done[other] = done[other], done[name]
    elif kind == "rename":
        done[f"{name}.bak"] = done.pop(name)
    elif kind in {"drop event", "move event"}:
        done = resealed(files, events_changed(files["ledger.jsonl"], kind, chance), chance)
    elif kind == "edit manifest":
        manifest = json.loads(files["manifest.json"])
        entry = chance.choice(manifest["entries"])
        entry[chance.choice(["sha256", "hash", "previous"])] = "0" * 64
        done["manifest.json"] = (json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
    elif kind == "drop entry":
        manifest = json.loads(files["manifest.json"])
        gone = manifest["entries"].pop(chance.randrange(len(manifest["entries"])))
        done.pop(gone["path"])
        done["manifest.json"] = (json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
    else:
        done = resealed({**files, "policy.toml": files["policy.toml"] + b"# eased\n"}, files["ledger.jsonl"], chance)
    return f"{kind} {name}", done


def events_changed(content: bytes, kind: str, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    place = chance.randrange(len(lines) - 1)
    line = lines.pop(place)
    if kind == "move event":
        lines.insert((place + 1) % (len(lines)) if (place + 1) % len(lines) != place else 0, line)
    return b"".join(lines)


def resealed(files: dict[str, bytes], ledger: bytes, chance: random.Random) -> dict[str, bytes]:
    """A pack that somebody changed and signed anew with a key of their own."""
    contents = {path: content for path, content in files.items() if path not in {"manifest.json", "signature.json"}} | {"ledger.jsonl": ledger}
    folder = Path(os.environ["TAMPER_FOLDER"]) / str(chance.randrange(10**9))
    folder.mkdir(parents=True, exist_ok=True)
    return sealed(contents, json.loads(files["manifest.json"])["about"], signing_key(folder / "stranger.duckdb", ""))


def written(files: dict[str, bytes], place: Path) -> Path:
    for path, content in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    return place


def test_a_hundred_packs_each_tampered_with_in_another_way(store, packs, tmp_path, monkeypatch):
    monkeypatch.setenv("TAMPER_FOLDER", str(tmp_path / "keys"))
    chance, trusted, done = random.Random(SEED), public_half(signing_key(store, "")), set()
    sound = {name: read_pack(packs[name])[0] for name in ("case", "quarter")}
    while len(done) < PACKS:
        name = chance.choice(["case", "quarter", "zip"])
        if name == "zip":
            content = altered_bytes(packs["case.zip"].read_bytes(), chance)
            said, place = f"zip {hash(content)}", tmp_path / f"{len(done)}.zip"
            place.write_bytes(content)
        else:
            said, files = tampered(sound[name], chance)
            said, place = f"{name} {said} {hash(tuple(sorted(files.items())))}", written(files, tmp_path / f"{name}-{len(done)}")
        assert not is_sound(place, trusted), said
        done.add(said)
    assert is_sound(packs["case"], trusted)
    assert is_sound(packs["quarter.zip"], trusted)


@pytest.mark.parametrize("kind", ["drop event", "move event"])
def test_an_event_that_is_gone_or_moved_is_found_even_under_a_signature_that_fits(packs, tmp_path, monkeypatch, kind):
    monkeypatch.setenv("TAMPER_FOLDER", str(tmp_path / "keys"))
    files, _ = read_pack(packs["quarter"])
    for seed in range(6):
        changed = events_changed(files["ledger.jsonl"], kind, random.Random(seed))
        checks = verify(resealed(files, changed, random.Random(seed)))
        assert next(each.said.split(":")[0].split(" ")[0] for each in checks if not each.holds) in {"event", "head"}, checks


def test_a_pack_signed_by_a_stranger_holds_for_itself_and_not_for_the_company(packs, store, tmp_path, monkeypatch):
    monkeypatch.setenv("TAMPER_FOLDER", str(tmp_path / "keys"))
    files, _ = read_pack(packs["case"])
    strange = written(resealed(files, files["ledger.jsonl"], random.Random(1)), tmp_path / "strange")
    assert is_sound(strange)
    assert not is_sound(strange, public_half(signing_key(store, "")))


def test_links_and_empty_folders_are_found(packs, tmp_path):
    place = written(read_pack(packs["case"])[0], tmp_path / "linked")
    (place / "more").mkdir()
    assert not is_sound(place)
    (place / "more").rmdir()
    assert is_sound(place)
    (place / "policy.toml").unlink()
    (place / "policy.toml").symlink_to(packs["case"] / "policy.toml")
    assert not is_sound(place), "a link may show something else tomorrow"


def test_the_same_records_give_the_same_pack_but_for_the_time(store, packs, tmp_path):
    write_pack(store, CASE, "", tmp_path / "again", "")
    one, other = read_pack(packs["case"])[0], read_pack(tmp_path / "again")[0]
    seals = {"manifest.json", "signature.json"}
    assert {path: content for path, content in one.items() if path not in seals} == {path: content for path, content in other.items() if path not in seals}
    assert as_zip(one) == as_zip(dict(reversed(one.items())))


def test_what_a_pack_is_refused_for(store, tmp_path, monkeypatch, capsys):
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(PackError, match="there is something else"):
        write_pack(store, CASE, "", taken, "")
    assert (taken / "mine.txt").read_text(encoding="utf-8") == "keep me"
    with pytest.raises(PackError, match=r"no such case .* Cases like it: osei/ibkr:24112001"):
        write_pack(store, "osei/ibkr:2411", "", tmp_path / "x", "")
    with pytest.raises(KeyFault, match="this is no key that can be read"):
        write_pack(store, CASE, "", tmp_path / "x", str(SAMPLE / "people.csv"))
    monkeypatch.setenv("HINDSIGHT_SIGNING_KEY", "secret words")
    assert main(["pack", "--case", CASE, "--store", str(store), "--out", str(tmp_path / "x")]) == 2
    assert "secret words" not in capsys.readouterr().err, "nothing of a key is told"
    assert main(["pack", "--quarter", "2031Q1", "--store", str(store), "--out", str(tmp_path / "x")]) == 2
    assert "no fiscal quarter of that name has ended by 2025-02-28" in capsys.readouterr().err
    assert main(["verify", str(tmp_path)]) == 1


def test_a_folder_or_zip_of_somebody_else_is_never_replaced(store, tmp_path):
    web, other = tmp_path / "web", tmp_path / "other.zip"
    web.mkdir()
    (web / "manifest.json").write_text('{"name": "a web page"}', encoding="utf-8")
    (web / "index.html").write_text("mine", encoding="utf-8")
    other.write_bytes(b"PK mine")
    for place in (web, other):
        with pytest.raises(PackError, match="there is something else"):
            write_pack(store, CASE, "", place, "")
    assert (web / "index.html").read_text(encoding="utf-8") == "mine"
    data = tmp_path / "data"
    shutil.copytree(SAMPLE, data)
    asked = ["--data", str(data), "--as-of", "2025-02-28", "--store", str(tmp_path / "s.duckdb"), "--out", str(data)]
    with pytest.raises(OutputError, match="there is something else"):
        run_night(Asked(data, NIGHT, tmp_path / "s.duckdb", data, data / "policy.toml"), lambda stage, _: stage, Lenient)
    assert main(["attest", "--quarter", "2024Q4", *asked]) == 2
    with pytest.raises(QuarterError, match="expected one of the newest 5"):
        run_quarter(
            Asked(data, NIGHT, tmp_path / "s.duckdb", tmp_path / "new", data / "policy.toml", url_beside(tmp_path / "s.duckdb")),
            "2019Q4",
            lambda stage, _: stage,
            Lenient,
        )
    assert (data / "trades.csv").is_file()


def test_files_that_a_stranger_made_up_do_not_hold_and_do_not_stop_the_check(packs, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TAMPER_FOLDER", str(tmp_path / "keys"))
    files = read_pack(packs["case"])[0]
    for name, content in (("ledger.jsonl", b""), ("ledger.jsonl", b"[1]\n"), ("run.json", b"7\n"), ("rows.jsonl", b"{}\n")):
        odd = written(
            resealed({**files, name: content}, content if name == "ledger.jsonl" else files["ledger.jsonl"], random.Random(1)),
            tmp_path / f"{name}{len(content)}",
        )
        assert main(["verify", str(odd)]) == 1
        assert "ALTERED" in capsys.readouterr().out
    manifest = json.loads(files["manifest.json"]) | {"entries": [1]}
    odd = written({**files, "manifest.json": (json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()}, tmp_path / "entries")
    assert main(["verify", str(odd)]) == 1


def test_a_policy_that_is_another_one_is_noted_or_does_not_hold(packs, tmp_path, monkeypatch):
    monkeypatch.setenv("TAMPER_FOLDER", str(tmp_path / "keys"))
    files = read_pack(packs["case"])[0]
    eased = {**files, "policy.toml": files["policy.toml"] + b"# eased\n"}
    (fault,) = [each for each in verify(resealed(eased, files["ledger.jsonl"], random.Random(1))) if not each.holds]
    assert fault.said.endswith("; that was not noted when the pack was made.")


def test_the_pack_of_an_attestation_holds_its_answer(store, tmp_path):
    write_pack(store, "hohenstein/2024-12-31:no_margin_or_pledge", "", tmp_path / "p", "")
    files, _ = read_pack(tmp_path / "p")
    assert '"policy_read":true' in files["ledger.jsonl"].decode().replace("\\", "")


def test_a_key_is_made_for_its_owner_alone_and_used_again(tmp_path):
    key = signing_key(tmp_path / "s.duckdb", "")
    path = tmp_path / "s.duckdb.signing.pem"
    assert path.stat().st_mode & 0o077 == 0
    assert public_half(signing_key(tmp_path / "s.duckdb", "")) == public_half(key)


def test_what_the_command_erases_is_gone_from_store_and_ledger(store, tmp_path, capsys, monkeypatch):
    """Eight years on: the nights before the last one, and decisions about what no longer arises."""
    monkeypatch.delenv("HINDSIGHT_LEDGER", raising=False)
    path = tmp_path / "s.duckdb"
    shutil.copy(store, path)
    for each in store.parent.glob("s.ledger.sqlite*"):
        shutil.copy(each, tmp_path)
    run_night(Asked(SAMPLE, date(2025, 3, 3), path, tmp_path / "out", SAMPLE / "policy.toml", url_beside(path)), lambda stage, _: stage, Lenient)
    Ledger(url_beside(path)).add(Event("old", DECISION, "u", {"decision": "note", "note": "gone"}, "gone/T", at=datetime(2025, 1, 9, tzinfo=UTC)))
    assert main(["records", "--store", str(path), "--as-of", "2090-02-28"]) == 2
    assert "that day has not come" in capsys.readouterr().err
    with time_machine.travel(datetime(2033, 3, 1, 12, tzinfo=UTC)):
        asked = ["records", "--store", str(path), "--as-of", "2033-02-28"]
        assert main(asked) == 0
        told = capsys.readouterr().out
        assert "decisions     kept 7 years, since Sat 2026-02-28: 1 due" in told
        assert "attestations  kept 7 years, since Sat 2026-02-28: 2 due" in told
        assert "nights        kept 7 years, since Sat 2026-02-28: 1 due" in told
        assert "4 decisions are past their day and stay, since the case still arises." in told
        assert "4 records would be erased. Erase with --erase." in told
        assert main([*asked, "--erase"]) == 0
        assert "4 records erased; entry 8 of the ledger tells of it." in capsys.readouterr().out
        assert main(asked) == 0
        assert "Nothing is due." in capsys.readouterr().out
    with Store(path, read_only=True) as held:
        assert held.nights() == [date(2025, 3, 3)]
        assert len(held.nightly("findings", NIGHT)) == 0
    write_pack(path, CASE, "", tmp_path / "pack", "")
    assert is_sound(tmp_path / "pack"), "what was erased keeps its place in the chain"
