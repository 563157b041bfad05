"""The pages of the desk, one module a subject."""

from desk.pages import attestation, cases, ledger, night, people, quarters, records, users, waivers

ROUTERS = (night.router, cases.router, people.router, ledger.router, waivers.router, users.router, attestation.router, quarters.router, records.router)
