"""How the property tests search: without a time limit, because a busy machine is no error of the code."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
