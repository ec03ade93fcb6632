"""Shows live MCP sessions between a client and a server: what travels on which stream, and which rules it breaks."""
