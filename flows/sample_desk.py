"""`python -m flows.sample_desk`: the desk on the sample, with a user of each role and passwords made anew at each start."""

import secrets
from pathlib import Path

from flows.serve import serve
from flows.users import users_of

STORE = Path("hindsight.duckdb")
PEOPLE = (
    ("kealoha@brindlecombe.example", "Leilani Kealoha", "compliance_officer", "kealoha"),
    ("reyes@brindlecombe.example", "Tamsin Okonkwo-Reyes", "compliance_officer", "reyes"),
    ("nwosu@brindlecombe.example", "Amara Nwosu", "supervisor", "nwosu"),
    ("achterberg@brindlecombe.example", "Rhiannon Achterberg", "supervisor", "achterberg"),
    ("counsel@brindlecombe.example", "Outside Counsel", "counsel", None),
    ("audit@brindlecombe.example", "Internal Audit", "auditor", None),
    ("osei@brindlecombe.example", "Kwabena Osei-Mensah", "covered_person", "osei"),
    ("admin@brindlecombe.example", "Administrator", "administrator", None),
)


def main(port: int = 8686) -> None:
    """Make the users, say how to sign in, and serve."""
    users = users_of(STORE)
    print(f"\nThe desk on the sample: http://127.0.0.1:{port}\n\nSign in as any of these; the passwords hold until the next start.\n")
    for email, name, role, person in PEOPLE:
        password = secrets.token_urlsafe(9)
        users.add(email, name, frozenset({role}), person, password)
        print(f"  {email:34} {password:14} {role.replace('_', ' ')}")
    print("\nStop it with Ctrl-C.", flush=True)
    serve(STORE, "127.0.0.1", port)


if __name__ == "__main__":
    main()
