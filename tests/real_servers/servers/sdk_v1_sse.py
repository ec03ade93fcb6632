"""A server of the official Python SDK 1.x over HTTP+SSE, the transport of 2024-11-05."""

import argparse
import asyncio

import uvicorn
from mcp.server.fastmcp import FastMCP
from serving import HOST, LOCAL_ONLY, AnnouncingServer, listener_on

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--port", type=int, default=0, help="0 lets the system choose")
parser.add_argument("--path", default="/sse", help="where the stream is opened")

options = parser.parse_args()
mcp = FastMCP("sdk-v1-sse", host=HOST, sse_path=options.path, transport_security=LOCAL_ONLY)


@mcp.tool("test_simple_text")
async def simple_text() -> str:
    """One line of text."""
    return "This is a simple text response for testing."


class Server(AnnouncingServer):
    """Says the address of the stream."""

    path = options.path


config = uvicorn.Config(mcp.sse_app(), log_level="critical", timeout_graceful_shutdown=1)
asyncio.run(Server(config).serve(sockets=[listener_on(options.port)]))
