"""Carries things from one stage to the next; the only room with hands: disk, clock, database, scheduler."""

import os

for _name, _value in {"PREFECT_LOGGING_LEVEL": "CRITICAL", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL"}.items():
    os.environ.setdefault(_name, _value)  # the scheduler reads its settings when it is imported, wherever that is
