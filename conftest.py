"""Makes `pytest --target URL` work in a checkout that is not installed."""

import pytest


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.import_plugin("mcp_http_conformance_plugin")
    from mcp_http_conformance_plugin import claim_target

    claim_target(parser)
