"""The only reader of the environment: what can be set, its default, and what it means."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from tools.errors import ToolError

_SWITCHES = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(
    ("0", "false", "no", "off"), False
)


MODES = ("auto", "plain", "guided")


def _about(variable: str, meaning: str) -> dict[str, str]:
    return {"variable": variable, "meaning": meaning}


@dataclass(frozen=True)
class Settings:
    """Every setting; `described` lists them for the README and for `--help`."""

    host: str = field(
        default="127.0.0.1", metadata=_about("ASSISTANT_HOST", "Address that the page listens on")
    )
    port: int = field(default=7860, metadata=_about("ASSISTANT_PORT", "Port that the page listens on"))
    root_path: str = field(
        default="",
        metadata=_about(
            "ASSISTANT_ROOT_PATH", "Path under which a reverse proxy shows the page, such as /segments"
        ),
    )
    folder: str = field(
        default=".cash-classifiers", metadata=_about("ASSISTANT_FOLDER", "Where chats and memory are kept")
    )
    keep_days: int = field(
        default=0,
        metadata=_about(
            "ASSISTANT_KEEP_DAYS", "Days after which a chat that nobody opened is deleted; 0 keeps all"
        ),
    )
    remember: bool = field(
        default=True,
        metadata=_about(
            "ASSISTANT_REMEMBER",
            "Whether findings, taught words and good calls of a person's chats help in later ones: 1 or 0",
        ),
    )
    max_upload_mb: int = field(
        default=2000, metadata=_about("ASSISTANT_MAX_UPLOAD_MB", "Largest file that may be uploaded")
    )
    max_files: int = field(
        default=20, metadata=_about("ASSISTANT_MAX_FILES", "Most files that one chat may be about")
    )
    max_chats: int = field(
        default=500, metadata=_about("ASSISTANT_MAX_CHATS", "Most chats that are kept for one person")
    )
    max_kept_mb: int = field(
        default=20_000,
        metadata=_about("ASSISTANT_MAX_KEPT_MB", "Most data that are kept for one person, in megabytes"),
    )
    workers: int = field(
        default=4, metadata=_about("ASSISTANT_WORKERS", "Questions answered at once; others wait their turn")
    )
    log_level: str = field(
        default="WARNING",
        metadata=_about("ASSISTANT_LOG_LEVEL", "Least important kind of line in the log; no line holds data"),
    )
    accounts: str = field(
        default="",
        metadata=_about(
            "ASSISTANT_ACCOUNTS",
            "People who may sign in, `name:hashed password`, separated by spaces; without any, each browser "
            "has its own chats and nobody signs in",
        ),
    )
    accounts_file: str = field(
        default="",
        metadata=_about("ASSISTANT_ACCOUNTS_FILE", "The same in a file, one a line; see --add-account"),
    )
    api_key: str = field(
        default="", metadata=_about("OPENAI_API_KEY", "Key of an OpenAI-compatible server; none is needed")
    )
    base_url: str = field(
        default="", metadata=_about("OPENAI_BASE_URL", "Address of an OpenAI-compatible server")
    )
    model: str = field(
        default="",
        metadata=_about(
            "ASSISTANT_MODEL", "Model name on that server; 'builtin' forces the built-in analyst"
        ),
    )
    timeout_seconds: float = field(
        default=60.0, metadata=_about("ASSISTANT_TIMEOUT_SECONDS", "How long to wait for a model server")
    )
    max_steps: int = field(
        default=12, metadata=_about("ASSISTANT_MAX_STEPS", "Most tool calls for one question")
    )

    max_tokens: int = field(
        default=200_000,
        metadata=_about(
            "ASSISTANT_MAX_TOKENS", "Most tokens that a model server may take for one question; 0: no limit"
        ),
    )
    max_seconds: float = field(
        default=180.0,
        metadata=_about("ASSISTANT_MAX_SECONDS", "Most seconds that a model may take for one question"),
    )
    fallback: bool = field(
        default=True,
        metadata=_about(
            "ASSISTANT_FALLBACK", "Whether the built-in analyst answers when the model server fails: 1 or 0"
        ),
    )

    price_sent: float = field(
        default=0.0,
        metadata=_about("ASSISTANT_PRICE_SENT", "Price of a million tokens sent, to show what a turn cost"),
    )
    price_received: float = field(
        default=0.0, metadata=_about("ASSISTANT_PRICE_RECEIVED", "Price of a million tokens received")
    )
    plan: bool = field(
        default=True,
        metadata=_about(
            "ASSISTANT_PLAN",
            "Whether questions that the built-in analyst reads with certainty are computed by its plan, and "
            "the model only puts the result into words: 1 or 0",
        ),
    )
    mode: str = field(
        default="auto",
        metadata=_about(
            "ASSISTANT_MODE",
            "How a model is led: plain (it has all tools), guided (one small decision at a time, for weak "
            "models), or auto, which tries the model once",
        ),
    )

    engine: str = field(
        default="duckdb",
        metadata=_about(
            "ENGINE",
            "What computes: duckdb, on this machine, or spark; see On Spark",
        ),
    )
    spark_remote: str = field(
        default="",
        metadata=_about(
            "SPARK_REMOTE",
            "Spark Connect server, sc://host:15002; without it Spark is started on this machine",
        ),
    )
    spark_master: str = field(
        default="local[*]",
        metadata=_about("SPARK_MASTER", "How Spark is started on this machine: with two threads, local[2]"),
    )
    spark_memory: str = field(
        default="2g", metadata=_about("SPARK_MEMORY", "What Spark may use when it is started on this machine")
    )
    spark_folder: str = field(
        default="",
        metadata=_about(
            "SPARK_FOLDER",
            "Folder for tables that Spark makes, under the same name for all its machines: "
            "s3a://bucket/segments; a temporary one where Spark runs on this machine",
        ),
    )

    @property
    def uses_server(self) -> bool:
        """Whether a model server is used instead of the built-in analyst."""
        return self.model != "builtin" and bool(self.api_key or self.base_url)

    def account_lines(self) -> list[str]:
        """Return `name:hashed password` of everybody who may sign in.

        Raises:
            ToolError: If the file of accounts cannot be read.
        """
        lines = self.accounts.split()
        if self.accounts_file:
            try:
                lines += Path(self.accounts_file).expanduser().read_text(encoding="utf-8").splitlines()
            except (OSError, UnicodeDecodeError) as error:
                raise ToolError(
                    f"The accounts in {self.accounts_file} cannot be read.",
                    "Check the name of the file, or make one with `app.py --add-account NAME`.",
                ) from error
        return lines

    @property
    def path(self) -> Path:
        """The folder where chats and memory are kept."""
        return Path(self.folder).expanduser()


def from_environment(
    environment: Mapping[str, str] | None = None, dotenv: Path | None = Path(".env")
) -> Settings:
    """Read the settings; what stands in the environment wins over `.env`.

    Args:
        environment: Variables; the process's own by default.
        dotenv: File with lines `NAME=value`; ignored where it does not exist.

    Raises:
        ToolError: If a value cannot be read as what it should be.
    """
    variables = {**_read_dotenv(dotenv), **(os.environ if environment is None else environment)}
    chosen: dict[str, object] = {}
    for setting in fields(Settings):
        text = variables.get(setting.metadata["variable"], "").strip()
        if text:
            chosen[setting.name] = _parsed(setting.metadata["variable"], text, type(setting.default))
    if chosen.get("mode", "auto") not in MODES:
        raise ToolError(f"ASSISTANT_MODE is set to {chosen['mode']!r}.", f"Set it to {', '.join(MODES)}.")
    return Settings(**chosen)  # type: ignore[arg-type]


def described() -> list[tuple[str, str, str]]:
    """Return variable, default and meaning of every setting, in order."""
    return [
        (setting.metadata["variable"], str(setting.default), setting.metadata["meaning"])
        for setting in fields(Settings)
    ]


def _parsed(variable: str, text: str, kind: type) -> object:
    if kind is bool:
        if text.lower() not in _SWITCHES:
            raise ToolError(
                f"{variable} is set to {text!r}, which is neither on nor off.", "Set it to 1 or 0."
            )
        return _SWITCHES[text.lower()]
    try:
        return kind(text)
    except ValueError as error:
        raise ToolError(
            f"{variable} is set to {text!r}, which is not a number.", "Set it to a number."
        ) from error


def _read_dotenv(path: Path | None) -> dict[str, str]:
    if path is None or not path.is_file():
        return {}
    pairs = (
        line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and line.strip()[0] != "#"
    )
    return {name.strip().removeprefix("export "): value.strip().strip("'\"") for name, value in pairs}
