"""Makes `pytest --target URL` work in a checkout that is not installed."""

import pytest

import mcp_http_conformance_plugin as suite


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.import_plugin(suite.__name__)
    suite.claim_target(parser)
