"""The official suite judges the reference server."""
