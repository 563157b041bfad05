"""`python -m tests.mutation [FOLDER]`: every mutant before the jury, two at a time; prints who survives.

Results stand in FOLDER (out/mutation) as they come, so that a run that was stopped goes on where it was. A mutant that
takes longer than two minutes is taken as noticed, as its test would be.
"""

import csv
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.mutation.mutants import Mutant, mutants

WORKERS, PATIENCE = 2, 120.0
REASONS = Path(__file__).parent / "survivors.csv"


def main(folder: Path) -> int:
    """Run what is left, then print the count by folder and every survivor without a reason."""
    folder.mkdir(parents=True, exist_ok=True)
    every = list(mutants())
    while left := [each for each in every if each.name not in told(folder)]:
        print(f"{len(every) - len(left):,} of {len(every):,} done", flush=True)
        _work(folder, left)
    return _report(every, told(folder))


def told(folder: Path) -> dict[str, str]:
    """What noticed each mutant so far."""
    lines = [line for path in folder.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    return {each["mutant"]: each["noticed"] for each in map(json.loads, lines)}


def _work(folder: Path, left: list[Mutant]) -> None:
    """Two workers until both end; one that hangs is stopped, its mutant written down, and it is started anew."""
    running = {n: _start(folder, n) for n in range(WORKERS)}
    while any(process.poll() is None for process in running.values()):
        time.sleep(2)
        for n, process in running.items():
            now = folder / f"{n}.now"
            if process.poll() is None and now.exists() and time.time() - now.stat().st_mtime > PATIENCE:
                process.kill()
                process.wait()
                _note(folder, n, now.read_text(encoding="utf-8"), "takes too long")
                running[n] = _start(folder, n)
    for n, process in running.items():
        if process.returncode:
            _note(folder, n, (folder / f"{n}.now").read_text(encoding="utf-8"), "ended the program")


def _start(folder: Path, n: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.mutation", str(folder), str(n)])


def _note(folder: Path, n: int, mutant: str, noticed: str) -> None:
    with (folder / f"{n}.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"mutant": mutant, "noticed": noticed}) + "\n")


def worker(folder: Path, n: int) -> int:
    """Every second mutant that nobody has told of."""
    from tests.mutation.jury import notices, worlds

    worlds()
    done = told(folder)
    for number, mutant in enumerate(mutants()):
        if number % WORKERS == n and mutant.name not in done:
            (folder / f"{n}.now").write_text(mutant.name, encoding="utf-8")
            _note(folder, n, mutant.name, notices(mutant))
    return 0


def _report(every: list[Mutant], noticed: dict[str, str]) -> int:
    alive = [each for each in every if not noticed[each.name]]
    for folder, count in sorted(Counter(each.path.rpartition("/")[0] for each in every).items()):
        survived = sum(each.path.startswith(folder) for each in alive)
        print(f"{folder}: {count:,} mutants, {survived:,} alive ({survived / count:.1%})")
    with REASONS.open(encoding="utf-8") as stream:
        known = {(row["module"], row["line"], row["operator"]) for row in csv.DictReader(stream)}
    for each in alive:
        if each.reasoned not in known:
            print(f"no reason yet: {each.name}: {each.reasoned[1]}")
    print(f"together: {len(every):,} mutants, {len(alive):,} alive ({len(alive) / len(every):.1%})")
    return 0 if len(alive) < len(every) / 10 else 1


if __name__ == "__main__":
    place = Path(sys.argv[1] if len(sys.argv) > 1 else "out/mutation")
    sys.exit(worker(place, int(sys.argv[2])) if len(sys.argv) > 2 else main(place))
