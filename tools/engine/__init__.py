"""The data: one embedded database, locked down, that reads files, keeps tables and hands out lazy frames."""

from tools.engine.connection import UnreadableError
from tools.engine.database import Engine

__all__ = ["Engine", "UnreadableError"]
