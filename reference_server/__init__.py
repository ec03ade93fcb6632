"""A small MCP server over Streamable HTTP that does what the specification says, for tests and as a target.

On one endpoint it serves revisions 2025-03-26, 2025-06-18 and 2025-11-25, which begin with initialize, and
2026-07-28, in which every request stands alone.  Its fixtures (tools, resources and prompts) make each rule
visible.  Every decision that an implementer could get wrong is one short
method of `ReferenceServer`, so that a server which is wrong in exactly one point is a subclass of three lines
(`faults/`).  The package must not import `conformance`: the judge and the judged share no code.
"""
