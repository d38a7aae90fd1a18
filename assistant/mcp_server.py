"""Offers the tools over the Model Context Protocol on standard input and output; alone imports mcp."""

from __future__ import annotations

import asyncio
from typing import Any

from assistant.toolbox import ABOUT, Toolbox
from tools.errors import ToolError


def server(box: Toolbox) -> Any:
    """Return an MCP server with the tools of a toolbox.

    Raises:
        ToolError: If the package is not installed.
    """
    try:
        import mcp.types as types
        from mcp.server.lowlevel import Server
    except ImportError as missing:
        raise ToolError(
            "The package `mcp` is not installed.",
            "Install it with `uv sync --extra mcp`, or `pip install mcp`.",
        ) from missing

    async def list_tools(context: Any, parameters: Any) -> types.ListToolsResult:
        del context, parameters
        return types.ListToolsResult(
            tools=[
                types.Tool(name=name, description=description, input_schema=schema)
                for name, (description, schema) in box.schemas().items()
            ]
        )

    async def call_tool(context: Any, parameters: types.CallToolRequestParams) -> types.CallToolResult:
        del context
        told = await asyncio.to_thread(box.call, parameters.name, parameters.arguments or {})
        failed = told.startswith('{"error"')
        return types.CallToolResult(content=[types.TextContent(type="text", text=told)], is_error=failed)

    return Server("cash-classifiers", instructions=ABOUT, on_list_tools=list_tools, on_call_tool=call_tool)


def serve(box: Toolbox) -> None:
    """Serve one client on standard input and output until it leaves."""
    made = server(box)
    from mcp.server.stdio import stdio_server

    async def run() -> None:
        async with stdio_server() as (reading, writing):
            await made.run(reading, writing, made.create_initialization_options())

    asyncio.run(run())
