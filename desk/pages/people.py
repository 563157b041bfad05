"""People: who they are, and a year of each on one picture."""

from datetime import date, timedelta
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from desk.desk import Visit, at
from desk.pictures import Scene, drawn, scene
from desk.web import desk_of, on, page, visiting
from transforms.cases import PENDING
from transforms.reports.section_16 import outlook_lines

router = APIRouter()
Visiting = Annotated[Visit, Depends(visiting)]
YEAR = timedelta(days=365)
PICTURE_HEADERS = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}


@router.get("/people")
def listed(request: Request, visit: Visiting, q: str = "") -> Response:
    """The people whose pages are open to the reader, with their open cases."""
    cases = visit.cases()
    counts = cases.group_by("person_id").agg(asking=pl.col("state").is_in(PENDING).sum(), cases=pl.len())
    rows = visit.people().join(counts, on="person_id", how="left").with_columns(pl.col("asking", "cases").fill_null(0)).sort("name", "person_id")
    for word in q.casefold().split():
        rows = rows.filter(
            pl.any_horizontal([pl.col(name).fill_null("").str.to_lowercase().str.contains(word, literal=True) for name in ("name", "person_id")])
        )
    people, as_of = visit.sight.people, visit.view.as_of
    told = [
        {**row, "roles": people.roles(row["person_id"], as_of), "above": people.name(row["supervisor_id"]) if row["supervisor_id"] else ""}
        for row in rows.to_dicts()
    ]
    return page(request, "people.html", visit=visit, rows=told, q=q)


@router.get("/person/{person_id:path}")
def one(request: Request, visit: Visiting, person_id: str, until: str = "") -> Response:
    """A person: a year on one picture and as tables, their cases, and what a trade today would match."""
    _check(visit, person_id)
    desk_of(request).note_read(visit.reader, "person", person_id)
    facts, as_of = visit.view.facts, visit.view.as_of
    end = min(on(until, as_of), as_of)
    seen = scene(visit, person_id, end - YEAR, end)
    row = facts["people"].filter(pl.col("person_id") == person_id).to_dicts()
    outlook = facts["swing_outlook"].filter(pl.col("person_id") == person_id).to_dicts()
    roles = facts["roles"].filter(pl.col("person_id") == person_id).sort("from_on").to_dicts()
    insiders = set(facts["roles"]["person_id"])
    tied = facts["relations"].filter(pl.col("person_id") == person_id).to_dicts()
    ties = [each for each in tied if each["related_id"] not in insiders or visit.may_see_person(each["related_id"])]
    accounts = facts["accounts"].filter(pl.col("holder_id").is_in([person_id, *(each["related_id"] for each in ties)])).sort("account_id").to_dicts()
    return page(
        request, "person.html", visit=visit, person_id=person_id, name=visit.sight.people.name(person_id), row=row[0] if row else {}, scene=seen, end=end, start=end - YEAR,
        outlook=[(each, outlook_lines(each)) for each in outlook], roles=roles, ties=[{**each, "name": visit.sight.people.name(each["related_id"])} for each in ties],
        accounts=[{**each, "name": visit.sight.people.name(each["holder_id"])} for each in accounts], cases=visit.cases().filter(pl.col("person_id") == person_id).to_dicts(),
        picture=at("picture", person_id) + f"?to={end}", earlier=str(end - timedelta(days=183)), later=str(min(end + timedelta(days=183), as_of)) if end < as_of else "",
    )  # fmt: skip


@router.get("/picture/{person_id:path}")
def picture(request: Request, visit: Visiting, person_id: str, to: str = "", theme: str = "light") -> Response:
    """A year of a person as an SVG picture."""
    _check(visit, person_id)
    desk_of(request).note_read(visit.reader, "picture", person_id)
    end = min(on(to, visit.view.as_of), visit.view.as_of)
    return Response(_drawn(visit, person_id, end, "dark" if theme == "dark" else "light"), media_type="image/svg+xml", headers=PICTURE_HEADERS)


def _drawn(visit: Visit, person_id: str, end: date, theme: str) -> bytes:
    """The picture of a scene, drawn once a night; what a scene shows depends on its reader."""
    kept: dict[Any, bytes] = visit.sight.pictures
    held: Scene = scene(visit, person_id, end - YEAR, end)
    if (held, theme) not in kept:
        if len(kept) >= 1000:  # noqa: PLR2004 - pictures kept, about 40 kB each
            kept.clear()
        kept[held, theme] = drawn(held, theme)
    return kept[held, theme]


def _check(visit: Visit, person_id: str) -> None:
    known = visit.view.facts["people"]["person_id"]
    if not visit.may_see_person(person_id) or person_id not in set(known):
        raise HTTPException(404)
