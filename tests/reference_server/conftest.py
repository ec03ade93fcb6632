"""A server for all tests that do not need one of their own."""

from collections.abc import Iterator

import pytest

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.talk import Talk


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """The endpoint of a server with default options."""
    with serve(ReferenceServer(Options())) as endpoint:
        yield endpoint


@pytest.fixture
def talk(url: str) -> Iterator[Talk]:
    """A session of the newest revision whose client can everything."""
    with Talk(url) as session:
        yield session
