"""Why a story cannot go on."""


class Unmet(Exception):
    """The story cannot go on. The sentence tells the target's owner what is missing or what happened instead."""
