"""Makes `pytest --target URL` work in a checkout that is not installed."""

import pytest


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.import_plugin("mcp_http_conformance_plugin")
