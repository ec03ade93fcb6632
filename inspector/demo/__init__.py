"""Something to look at: the reference server with a few faults, a real client that uses it, the inspector between.

    python -m inspector.demo [--client PYTHON]

PYTHON is an interpreter that has the official Python SDK (`mcp`), which need not be this one.
"""
