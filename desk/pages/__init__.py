"""The pages of the desk, one module a subject."""

from desk.pages import cases, ledger, night, people, users, waivers

ROUTERS = (night.router, cases.router, people.router, ledger.router, waivers.router, users.router)
