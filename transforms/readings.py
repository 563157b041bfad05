"""The registry of readings: every choice between possible readings of a clause, its default and its alternatives."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """A choice: the value that holds where the policy says nothing, the other values, and what the choice is about."""

    default: str | int
    alternatives: tuple[str | int, ...]
    about: str
    also: tuple[str | int, ...] = ()
    """Values that a policy may hold beside those listed, for other companies' texts; they contest nothing."""
    severity_only: bool = False
    """The choice moves a severity or is any number: it never makes a finding contested."""


def _reading(default: str | int, *alternatives: str | int, about: str, also: tuple[str | int, ...] = (), severity_only: bool = False) -> Reading:
    return Reading(default, alternatives, about, also, severity_only)


READINGS: dict[str, Reading] = {
    "covered.boundary_days": _reading("inclusive", "exclusive", about="whether the first and last day of a role count"),
    "covered.implied_roles": _reading("officers", "none", about="whether chief executive, president and secretary are officers"),
    "covered.officer": _reading("every_officer", "section_16", about="which officers the word officer means"),
    "counting.open_minute": _reading("after_open", "before_open", about="on which side of the open 09:30:00 falls"),
    "counting.session_start": _reading("09:30", "04:00", about="when trading commences"),
    "counting.half_days": _reading("count", "skip", about="whether a day of early close is a full trading day"),
    "counting.unknown_announcement_time": _reading("after_open", "before_open", about="an announcement without a time"),
    "counting.unknown_clearance_time": _reading("before_open", "after_open", about="a clearance without a time"),
    "counting.unknown_request_time": _reading("after_open", "before_open", about="a request without a time"),
    "window.open_method": _reading("full_days", "literal", about="how the days before the window opens are counted"),
    "window.end": _reading("trade_date", "settlement_date", about="which date must lie inside the window"),
    "window.market": _reading("public_only", "all", about="whether private dealings need an open window"),
    "window.related": _reading("attributed", "not_attributed", about="whether the window binds Related Persons"),
    "window.restated": _reading("recloses", "first_governs", about="whether a restatement closes the window again"),
    "window.material": _reading("no_effect", "recloses", about="whether other material news closes the window"),
    "clearance.partial_day": _reading("not_counted", "first_day", about="whether the day of receipt counts"),
    "clearance.ends": _reading("end_of_day", "regular_close", about="when the last day of a clearance ends"),
    "clearance.scope": _reading("designated_and_compliance_officers", "designated", about="who needs clearance"),
    "clearance.unit": _reading("order", "fill", about="what one trade is"),
    "clearance.lead_time": _reading("info", "medium", about="how grave a short lead time is", severity_only=True),
    "clearance.issuer_dealings": _reading("not_tested", "tested", about="whether dealings with the company need clearance"),
    "clearance.denial_sessions": _reading(10, about="for how many sessions a denial binds", severity_only=True),
    "approver.roles": _reading("union", "vi_b_only", about="which roles may approve"),
    "gift.test": _reading("conditions", "as_sale", about="when a gift is tested as a sale"),
    "gift.horizon_days": _reading(30, "unlimited", about="how long after a gift a sale by the recipient counts"),
    "gift.blackout": _reading("outside_window", "special_only", about="what a blackout period is"),
    "permitted.option_exercise": _reading("free", "cleared", about="whether exercising a granted option needs clearance"),
    "permitted.automatic_purchase": _reading("review", "full_test", about="how automatic purchases are tested"),
    "short_sale.same_day_order": _reading("acquisitions_first", "sales_first", about="the order of trades of one day"),
    "derivative.exercise": _reading("trade", "not_a_trade", about="whether exercising a bought option is a trade"),
    "derivative.held_before": _reading("info", "medium", about="derivatives held before designation", severity_only=True),
    "margin.scope": _reading("v_e", "vii_b", about="whose margin accounts are barred", also=("directors",)),
    "pledge.scope": _reading("directors_and_officers", "v_e", about="whose pledges are barred"),
    "list.end": _reading("news_decides", "removal_ignored", about="what ends an entry on a list"),
    "list.related": _reading("project_only", "both", about="which lists bind Related Persons"),
    "plan.defect": _reading("loses_exemption", "defect_only", about="what a defect of a plan does"),
    "plan.approval_by": _reading("first_trade", "adoption", about="by when a plan must be approved"),
    "plan.change_notice": _reading("any_date", "by_change", about="by when a change must be reported"),
    "report.scope": _reading("section_16", "designated", about="who reports transactions"),
    "report.family": _reading("any_household", "related_only", about="whose transactions are reported"),
    "report.deadline": _reading("end_of_day", "regular_close", about="when the day of a report ends"),
    "report.unknown_notice": _reading("third_day", "trade_day", about="a plan trade whose notice has no date"),
    "escalation.scope": _reading("supervisors", "everyone", about="who must pass on a suspicion"),
    "section_16.month_end": _reading("roll_forward", "clamp", about="six months from a day that the month lacks"),
    "section_16.before_office": _reading("exclude", "include", about="transactions before appointment"),
    "section_16.issuer_trades": _reading("matched", "exempt", about="purchases from and sales to the company"),
    "section_16.code_j": _reading("matched", "ignored", about="transactions of code J"),
    "section_16.code_u": _reading("matched", "exempt", about="transactions of code U"),
    "rule_10b5_1.cooling_last_day": _reading("inside", "outside", about="whether the last day belongs to the cooling-off"),
    "rule_10b5_1.single_trade_anniversary": _reading("allowed", "inside", about="a single-trade plan on the anniversary"),
    "rule_144.aggregate": _reading("own", "household", about="whose sales are added up for Form 144"),
}
"""Every reading by its key, as findings name it."""
