"""Real third-party MCP servers, each in an environment of its own, started as subprocesses for our tests.

Nothing here imports `conformance` or `reference_server`: the servers stand beside our code, not on it.
"""
