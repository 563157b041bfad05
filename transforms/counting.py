"""The counting primitive: full trading days after an instant. One definition serves window, clearance and lead time."""

from datetime import time

import polars as pl

from transforms.calendar import Sessions
from transforms.policy import Policy


def last_full_day(on: pl.Expr, at: pl.Expr, unknown: str, sessions: Sessions, policy: Policy, clause: str = "counting") -> pl.Expr:
    """Last of the first n sessions that elapse completely after an instant (n = full_trading_days of the clause on its date).

    `unknown` is the reading key for an instant whose time is not known. Source: policy IV.C, VI.A, VI.B.4.
    """
    count = policy.full_trading_days(clause).on(on)
    days = sessions.full_length if policy.reads("counting.half_days", "skip") else sessions.every
    before = pl.when(at.is_null()).then(pl.lit(policy.reads(unknown, "before_open"))).otherwise(before_open(at, policy))
    return pl.when(before).then(days.on_or_after(on, count - 1)).otherwise(days.after(on, count))


def available_from(on: pl.Expr, at: pl.Expr, unknown: str, sessions: Sessions, policy: Policy, clause: str = "counting") -> pl.Expr:
    """First day on which trading is allowed: the session after the last full day."""
    return sessions.every.after(last_full_day(on, at, unknown, sessions, policy, clause))


def before_open(at: pl.Expr, policy: Policy) -> pl.Expr:
    """Whether an instant lies before trading commences; 09:30:00 itself does not, unless read otherwise."""
    start = time.fromisoformat(str(policy.reading("counting.session_start")))
    clock = at.dt.time()
    return clock <= start if policy.reads("counting.open_minute", "before_open") else clock < start
