"""The issuer that everybody in the book works for: its securities, announcements, windows and approvers.

The windows are worked out by hand from the announcements above them.
"""

from datetime import date

from tests.planted.calendar import sessions_between

AS_OF = date(2025, 12, 12)
SINCE = date(2019, 1, 1)
ISSUER = "ACME"

SECURITIES = [
    {"symbol": "ACM", "issuer_id": "ACME", "asset": "common", "share_class": "COM"},
    {"symbol": "ACMB", "issuer_id": "ACME", "asset": "common", "share_class": "B"},
    {"symbol": "ACMP", "issuer_id": "ACME", "asset": "preferred", "share_class": "PREF"},
    {"symbol": "ACMPO", "issuer_id": "ACME", "asset": "preferred", "share_class": "PREF"},
    {"symbol": "ACMN", "issuer_id": "ACME", "asset": "debt"},
    {"symbol": "ACMPUT", "issuer_id": "OCC", "asset": "option", "underlying": "ACM", "multiplier": 100, "put_call": "put", "strike": "30.00", "expires_on": "2027-01-15"},
    {"symbol": "ACMCALL", "issuer_id": "OCC", "asset": "option", "underlying": "ACM", "multiplier": 100, "put_call": "call", "strike": "40.00", "expires_on": "2027-01-15"},
    {"symbol": "ACMESO", "issuer_id": "ACME", "asset": "option", "underlying": "ACM", "multiplier": 1, "put_call": "call", "strike": "8.00", "issued_by_company": True},
    {"symbol": "ACMWAR", "issuer_id": "ACME", "asset": "warrant", "multiplier": 1, "strike": "50.00"},
    {"symbol": "ACMSWAP", "issuer_id": "BANK", "asset": "swap", "underlying": "ACM"},
    {"symbol": "ACMFWD", "issuer_id": "BANK", "asset": "forward", "underlying": "ACM"},
    {"symbol": "ACMCOLLAR", "issuer_id": "BANK", "asset": "collar", "underlying": "ACM"},
    {"symbol": "ACMFUT", "issuer_id": "OCC", "asset": "future", "underlying": "ACM"},
    {"symbol": "POOL", "issuer_id": "POOLS", "asset": "exchange_fund", "underlying": "ACM"},
    {"symbol": "BROAD", "issuer_id": "FUNDS", "asset": "fund"},
    {"symbol": "INDEXPUT", "issuer_id": "INDEX", "asset": "index_derivative", "multiplier": 100, "put_call": "put"},
    {"symbol": "RIV", "issuer_id": "RIVAL", "asset": "common"},
    {"symbol": "RIVCALL", "issuer_id": "OCC", "asset": "option", "underlying": "RIV", "multiplier": 100, "put_call": "call"},
    {"symbol": "RIVFUND", "issuer_id": "RIVAL", "asset": "fund"},
    {"symbol": "QUI", "issuer_id": "QUIET", "asset": "common"},
    {"symbol": "ELS", "issuer_id": "ELSE", "asset": "common"},
]  # fmt: skip
SPLIT_ON = date(2024, 11, 18)
RENAMED_ON = date(2024, 2, 5)
CORPORATE_ACTIONS = [
    {"symbol": "ACMB", "ex_on": SPLIT_ON, "kind": "split", "ratio": 2},
    {"symbol": "ACMPO", "ex_on": RENAMED_ON, "kind": "symbol_change", "new_symbol": "ACMP"},
]

ANNOUNCEMENTS = [
    ("A01", "final", "2022-12-31", "2023-02-28", "2023-02-28T07:00:00-05:00"),
    ("A02", "final", "2023-03-31", "2023-05-03", "2023-05-03T16:05:00-04:00"),
    ("A03", "final", "2023-06-30", "2023-07-03", "2023-07-03T12:59:00-04:00"),  # during the session of an early close
    ("A04", "final", "2023-09-30", "2023-11-22", "2023-11-22T16:05:00-05:00"),  # the day before Thanksgiving
    ("A05", "final", "2023-12-31", "2024-03-08", "2024-03-08T14:29:00Z"),  # a minute before the open; clocks change on the Sunday
    ("A06", "final", "2024-03-31", "2024-05-01", None),
    ("A07", "preliminary", "2024-06-30", "2024-07-15", "2024-07-15T08:00:00-04:00"),
    ("A08", "final", "2024-06-30", "2024-07-31", "2024-07-31T16:05:00-04:00"),
    ("A09", "restated", "2024-06-30", "2024-08-20", "2024-08-20T08:00:00-04:00"),
    ("A10", "final", "2024-09-30", "2024-11-04", "2024-11-04T14:29:00Z"),  # a minute before the open; clocks changed the day before
    ("A11", "final", "2024-12-31", "2025-03-27", "2025-03-27T16:05:00-04:00"),  # two full days end with the quarter
    ("A12", "final", "2025-03-31", "2025-05-01", "2025-05-01T09:30:00-04:00"),
    ("A13", "final", "2025-06-30", "2025-07-30", "2025-07-30T16:05:00-04:00"),
    ("A14", "material", None, "2025-08-26", "2025-08-26T10:00:00-04:00"),
    ("A16", "final", "2023-06-30", "2023-08-10", "2023-08-10T16:05:00-04:00"),  # the same results again
    ("A17", "final", "2025-05-31", "2025-07-10", "2025-07-10T07:00:00-04:00"),  # of no quarter
    ("A15", "correction", "2025-03-31", "2025-09-10", None),
]
PERIODIC_FILINGS = [
    ("10-K", "2022-12-31", "2023-03-01T17:00:00-05:00"),
    ("10-Q", "2023-03-31", "2023-05-08T17:00:00-04:00"),
    ("10-Q", "2023-06-30", "2023-08-07T17:31:00-04:00"),  # filed on 8 August
    ("10-Q", "2023-09-30", "2023-11-27T17:30:00-05:00"),  # filed on 27 November
    ("10-K", "2023-12-31", "2024-03-12T12:00:00-04:00"),
    ("10-Q", "2024-03-31", "2024-05-08T17:00:00-04:00"),
    ("10-Q", "2024-06-30", "2024-07-31T17:00:00-04:00"),
    ("10-Q", "2024-09-30", "2024-11-04T17:00:00-05:00"),
    ("10-K", "2024-12-31", "2025-03-31T17:00:00-04:00"),
    ("10-Q", "2025-03-31", "2025-05-08T17:00:00-04:00"),
    ("10-Q", "2025-06-30", "2025-08-06T17:00:00-04:00"),
]


def _span(first: str, last: str) -> list[date]:
    return sessions_between(date.fromisoformat(first), date.fromisoformat(last))


WINDOWS = [
    _span("2023-03-02", "2023-03-31"),
    _span("2023-05-08", "2023-06-30"),
    _span("2023-07-07", "2023-09-30"),
    _span("2023-11-28", "2023-12-31"),
    _span("2024-03-12", "2024-03-31"),
    _span("2024-05-06", "2024-06-30"),
    _span("2024-08-05", "2024-08-19"),
    _span("2024-08-22", "2024-09-30"),
    _span("2024-11-06", "2024-12-31"),
    _span("2025-05-06", "2025-06-30"),
    _span("2025-08-04", "2025-09-09"),
    _span("2025-09-15", "2025-09-30"),
]
"""Sessions on which the window was open, one list for each stretch; none for the last quarter of 2024, whose window was empty."""
ENDS_OF_WINDOWS = [WINDOWS[n][-1] for n in (0, 1, 2, 3, 4, 5, 7, 8, 9, 11)]
OPEN_DAYS_IN_ORDER = [day for window in WINDOWS for day in window]
OPEN_DAYS = frozenset(OPEN_DAYS_IN_ORDER)
EVERY_SESSION = sessions_between(date(2023, 3, 6), date(2025, 11, 14))
CLOSED_DAYS = [day for day in EVERY_SESSION if day not in OPEN_DAYS]
EMPTY_WINDOW = _span("2025-03-28", "2025-03-31")
UNANNOUNCED = _span("2025-10-01", "2025-12-05")
PRELIMINARY = _span("2024-07-15", "2024-07-30")
RECLOSED = [*_span("2024-08-20", "2024-08-21"), *_span("2025-09-10", "2025-09-12")]
UNCERTAIN_AT_EDGAR = set(_span("2024-12-18", "2024-12-27"))
"""Days whose Form 4 deadline hangs on whether EDGAR was open on 2024-12-24; nothing that needs one is planted there."""

APPROVERS = {"LAW": "corporate_legal_counsel", "SCR": "secretary", "CDE": "compliance_designee", "CEO": "ceo"}
