"""Judges whether a server speaks MCP Streamable HTTP.

A trace is evidence, a check is a pure judge. `scenarios` drive a server and `recorder` writes down what
happened; `checks` judge the trace; `run` brings the two together; `report` and `plugin` show the outcome.
"""
