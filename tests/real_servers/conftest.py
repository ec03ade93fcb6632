"""The fixture `real_server`: each test that takes it runs once against every real server.

The marker is `real_server`, so that `-m "not real_server"` leaves these tests out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from conformance.evidence.era import BOTH_ERAS, MODERN_REVISIONS, SESSION_REVISIONS

from .environments import EnvironmentUnavailable
from .launch import launch


@dataclass(frozen=True, slots=True)
class RealServer:
    """A running server: its id in the test's name, the environment it is from, where it listens, what it speaks."""

    id: str
    environment: str
    options: tuple[str, ...]
    url: str

    @property
    def revisions(self) -> tuple[str, ...]:
        """Every revision that it has to be judged in."""
        return SPEAKS.get(self.id, SESSION_REVISIONS)


VARIANTS: dict[str, tuple[str, ...]] = {
    "mcp-1.30.0": ("mcp-1.30.0",),
    "mcp-2.3.0": ("mcp-2.3.0",),
    "mcp-1.30.0-stateless-json": ("mcp-1.30.0", "--stateless", "--json-response"),
    "fastmcp-4.1.2": ("fastmcp-4.1.2",),
    "server-everything": ("server-everything",),
    "typescript-2.4.0": ("typescript-2.4.0",),
    "typescript-2.4.0-stateless": ("typescript-2.4.0", "--legacy", "stateless"),
    "typescript-2.4.0-modern": ("typescript-2.4.0", "--legacy", "reject"),
}
SPEAKS = {  # those that are not named speak the revisions with sessions
    "mcp-2.3.0": BOTH_ERAS,
    "fastmcp-4.1.2": BOTH_ERAS,
    "typescript-2.4.0": BOTH_ERAS,
    "typescript-2.4.0-stateless": BOTH_ERAS,
    "typescript-2.4.0-modern": MODERN_REVISIONS,
}


@pytest.fixture(
    scope="session", params=[pytest.param(name, id=name, marks=pytest.mark.real_server) for name in VARIANTS]
)
def real_server(request: pytest.FixtureRequest) -> Iterator[RealServer]:
    environment, *options = VARIANTS[request.param]
    try:
        with launch(environment, *options) as url:
            yield RealServer(request.param, environment, tuple(options), url)
    except EnvironmentUnavailable as reason:
        pytest.skip(str(reason))
