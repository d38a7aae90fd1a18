"""The data: one embedded database, locked down, that reads files, keeps tables and hands out lazy frames."""

from tools.engine.choosing import answering, use
from tools.engine.connection import UnreadableError
from tools.engine.database import Engine
from tools.engine.spark_session import Spark

__all__ = ["Engine", "Spark", "UnreadableError", "answering", "use"]
