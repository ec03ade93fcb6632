"""Pre-flight reads the list of tools to its end: a fixture may stand on any page."""

import anyio

from conformance.driving.target import Target
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.refusals import found


def test_fixtures_are_found_on_every_page() -> None:
    seen = []
    for size in (None, 3):
        with serve(ReferenceServer(Options(page_size=size))) as url:
            (wire,) = anyio.run(found, Target(url, revisions=("2025-11-25",))).wires
            seen.append((wire.profile.fixtures, wire.tools))
    assert seen[0] == seen[1]
