"""What the reading copy of a night holds, and where it is."""

from pathlib import Path

BEHIND = ("clearance_draws", "clearance_pairs", "reclosures", "rule_144_sales", "short_swings", "swing_legs", "window_days", "windows")
"""Facts from which a finding is explained, beside the one that its rule reads."""
PICTURED = (
    "executions",
    "answered_trades",
    "clearance_terms",
    "circles",
    "approvals",
    "standings",
    "instruments",
    "cleared_trades",
    "due_next",
    "swing_outlook",
    "four_ways",
)
"""Facts of pages and pictures, and of who has a part in a case."""
FACTS = (*BEHIND, *PICTURED)


def folder_of(store: Path) -> Path:
    """The folder of a store's reading copies: each in a numbered folder, the newest named by the file `current`."""
    return store.with_name(f"{store.name}.desk")
