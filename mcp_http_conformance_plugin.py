"""The door through which pytest finds the suite: options, and nothing else until `--target` is given.

The module has a name of its own because `conformance` is a common folder name: a project that has one must be able
to run its tests with this distribution installed, and is told plainly when it hides ours.
"""

import argparse
import contextlib
from collections.abc import Generator
from pathlib import Path

import pytest

_HOME = Path(__file__).resolve().parent / "conformance"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("mcp", "MCP Streamable HTTP conformance")
    about = "judge the MCP server at this URL; 'bundled' starts the reference server"
    group.addoption("--mcp-target", dest="mcp_target", metavar="URL", help=f"{about} (for where --target is taken)")
    flags = {"action": "store_true"}
    many = {"action": "append", "default": []}
    for name, settings, text in (
        ("--mcp-revision", many | {"metavar": "DATE"}, "judge this revision only (repeatable; 2024-11-05: HTTP+SSE)"),
        ("--mcp-strict", flags, "let warnings and what was not seen fail the run"),
        (
            "--mcp-known-failures",
            {"metavar": "FILE"},
            "TOML file of requirements that are known to fail, with reasons",
        ),
        ("--mcp-profile", {"metavar": "FILE"}, "TOML file that says which tool of the target does what"),
        ("--mcp-header", many | {"metavar": "'NAME: VALUE'"}, "send this header with every request (repeatable)"),
        (
            "--mcp-token",
            many | {"metavar": "ROLE=TOKEN"},
            "bearer token in a role: full, narrow, expired, elsewhere or second (repeatable); better kept in the "
            "environment: MCP_TOKEN, MCP_TOKEN_NARROW and so on",
        ),
        ("--mcp-ca", {"metavar": "FILE"}, "trust the certificate authorities in this PEM file"),
        ("--mcp-cert", {"metavar": "FILE"}, "client certificate and key, one PEM file"),
        ("--mcp-insecure", flags, "do not verify the target's certificate"),
        ("--mcp-wait", {"metavar": "SECONDS", "type": float, "default": 0.0}, "wait so long until the target is up"),
        ("--mcp-timeout", {"metavar": "SECONDS", "type": float, "default": 10.0}, "how long anything may take (10)"),
        ("--mcp-serial", flags, "tell one story at a time"),
        ("--mcp-report", {"metavar": "DIR", "default": "reports/latest"}, "where the report goes (reports/latest)"),
        (
            "--mcp-bundled",
            {"metavar": "ARGS", "default": ""},
            "arguments for the bundled server, such as '--stateless'",
        ),
    ):
        group.addoption(name, help=text, **settings)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(parser: pytest.Parser) -> Generator[None]:
    """`--target` is a common name: take it after everybody else has had the chance, and only if it is free.

    A plugin that took it at once would stop every run of a project whose own conftest.py defines it.
    """
    yield
    claim_target(parser)


def claim_target(parser: pytest.Parser) -> None:
    """Make `--target` a second name of `--mcp-target`, unless somebody owns it."""
    with contextlib.suppress(ValueError, argparse.ArgumentError):
        parser.getgroup("mcp").addoption("--target", dest="mcp_target", metavar="URL", help="same as --mcp-target")


def pytest_configure(config: pytest.Config) -> None:
    target = config.getoption("mcp_target")
    if target is None:
        return
    if not target.strip():
        raise pytest.UsageError("--target is empty: give it a URL, or 'bundled'")
    import conformance

    found = Path(next(iter(conformance.__path__))).resolve()
    if found != _HOME and not (found / "ledger").is_dir():
        raise pytest.UsageError(
            f"--target needs the package 'conformance', but {found} hides it: say `pytest` where you said "
            "`python -m pytest`, or run it from another folder"
        )
    from conformance import plugin

    config.pluginmanager.register(plugin.Suite(config), "mcp-http-conformance")
