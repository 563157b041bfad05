"""Who is what, from which day to which: the sets of persons that the policy and Section 16 speak of."""

import polars as pl

from transforms.policy import Policy

EXECUTIVES = ["director", "executive_officer"]
IMPLIED = {"ceo": "executive_officer", "president": "executive_officer", "secretary": "other_officer"}
STANDINGS = ("designated", "section_16", "in_office", "ten_percent", "approver", "clearance_bound", "pledge_bound", "director", "staff", "listed")


def standings(roles: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a role that puts a person in a set: person_id, standing, from_on, until_on (both inclusive, null = open).

    Sets: designated (policy VI.A), section_16 (15 U.S.C. 78p(a)), in_office and ten_percent (its two limbs), approver
    (II, VI.B), clearance_bound (VI.B, VI.B.8), pledge_bound (VII.B), director, staff (II), listed (III, IV.A).
    """
    held = roles.select("person_id", "role", "from_on", "until_on")
    if policy.reads("covered.implied_roles", "officers"):
        implied = held.filter(pl.col("role").is_in(list(IMPLIED))).with_columns(pl.col("role").replace(IMPLIED))
        held = pl.concat([held, implied])
    if policy.reads("covered.boundary_days", "exclusive"):
        day = pl.duration(days=1)
        held = held.with_columns(pl.col("from_on") + day, pl.col("until_on") - day)
    sets = pl.DataFrame(
        [(role, standing) for standing, members in _members(policy).items() for role in members],
        schema={"role": pl.String, "standing": pl.String}, orient="row",
    )  # fmt: skip
    return held.join(sets, on="role").select("person_id", "standing", "role", "from_on", "until_on").unique().sort("person_id", "standing", "from_on", "role")


def _members(policy: Policy) -> dict[str, list[str]]:
    officers = [] if policy.reads("covered.officer", "section_16") else ["other_officer"]
    designated = [*EXECUTIVES, *officers, "general_manager"]
    approvers = ["president", "secretary", "corporate_legal_counsel", "compliance_designee"]
    if policy.reads("approver.roles", "union"):
        approvers.append("ceo")
    everyone = policy.reads("clearance.scope", "designated_and_compliance_officers")
    staff = [*EXECUTIVES, "other_officer", "general_manager", "employee", "ceo", "president", "secretary", "corporate_legal_counsel", "compliance_designee"]
    return {
        "designated": designated,
        "section_16": [*EXECUTIVES, "ten_percent_holder"],
        "in_office": EXECUTIVES,
        "ten_percent": ["ten_percent_holder"],
        "approver": approvers,
        "clearance_bound": [*designated, *approvers] if everyone else designated,
        "pledge_bound": [*EXECUTIVES, *officers],
        "director": ["director"],
        "staff": staff,
        "listed": [*staff, "contractor"],
    }


def standing_on(
    frame: pl.DataFrame, standings: pl.DataFrame, person: str, day: str, names: tuple[str, ...] = STANDINGS
) -> pl.DataFrame:  # fmt: skip
    """A frame with one flag more for each standing: whether the person has it on the day."""
    spells = _spells(standings.filter(pl.col("standing").is_in(names)))
    joined = frame.join(spells, left_on=person, right_on="_person", how="left", maintain_order="left")
    flags = {name: _within(name, day, spells.columns).alias(name) for name in names}
    return joined.with_columns(**flags).drop(spells.drop("_person").columns, strict=False)


def _spells(standings: pl.DataFrame) -> pl.DataFrame:
    """One row a person: first and last day of each spell of each standing, as columns, so that no day need be joined."""
    numbered = standings.sort("person_id", "standing", "from_on").with_columns(
        turn=pl.int_range(pl.len()).over("person_id", "standing"), until_on=pl.col("until_on").fill_null(pl.date(9999, 12, 30))
    )
    keyed = numbered.with_columns(key=pl.format("_{}_{}", "standing", "turn")).rename({"person_id": "_person", "from_on": "from", "until_on": "until"})
    if keyed.is_empty():
        return keyed.select("_person")
    wide = keyed.pivot(on="key", index="_person", values=["from", "until"])
    return wide.rename({name: f"{name.removeprefix(edge)}_{edge.strip('_')}" for name in wide.columns for edge in ("from_", "until_") if name.startswith(edge)})


def _within(name: str, day: str, columns: list[str]) -> pl.Expr:
    starts = [
        column
        for column in columns
        if column.startswith(f"_{name}_") and column.endswith("_from") and column.removeprefix(f"_{name}_").removesuffix("_from").isdigit()
    ]
    held = [(pl.col(start) <= pl.col(day)) & (pl.col(day) <= pl.col(start.removesuffix("_from") + "_until")) for start in starts]
    return pl.any_horizontal([each.fill_null(value=False) for each in held]) if held else pl.lit(value=False)
