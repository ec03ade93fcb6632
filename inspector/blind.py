"""Rules that nobody can judge by watching the traffic go by, and why."""

from conformance.judging.ledger import Requirement

BLIND: dict[str, str] = {
    "bind.loopback": "the addresses on which a server listens do not show in what it answers",
    "stateless.any-connection": "the inspector has connections of its own to the server",
    "origin.validate": "it takes a request from a web page of somebody else's, which no client sends",
    "origin.403": "it takes a request from a web page of somebody else's, which no client sends",
    "as.https": "the authorization server is asked elsewhere, not through the inspector",
}


def blind_to(rule: Requirement) -> str | None:
    """Why a rule cannot be judged here, None where it can."""
    return rule.unchecked or BLIND.get(rule.key)
