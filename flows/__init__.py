"""Carries things from one stage to the next; the only room with hands: disk, clock, database, scheduler."""
