"""Little clients: right ones of both eras, some that are wrong in exactly one point, and real ones from SDKs.

What they say to the reference server is recorded and judged by the checks of client duties.
"""
