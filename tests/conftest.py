"""What all tests share."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # how long an example takes says something of the machine, not of what is tested
settings.load_profile("untimed")
