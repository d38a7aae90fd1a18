"""Starts a real PostgreSQL server for the tests, from Debian's package, in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "only for this test"  # noqa: S105 - of a server that lives as long as a test


@dataclass(frozen=True)
class Server:
    """A running server: `address` names no password."""

    host: str
    port: int
    folder: Path
    programs: Path

    def address(self, database: str = "shop", user: str = "analyst") -> str:
        return f"postgresql://{user}@{self.host}:{self.port}/{database}"

    def run(self, sql: str, database: str = "shop") -> None:
        """Run statements as the owner of everything."""
        options = ["-h", self.host, "-p", str(self.port), "-U", "owner", "-d", database]
        subprocess.run(
            [self.programs / "psql", *options, "-q", "-v", "ON_ERROR_STOP=1"],
            input=sql, text=True, check=True, env={**os.environ, "PGPASSWORD": PASSWORD}, capture_output=True,
        )  # fmt: skip

    def log(self) -> str:
        """Return what the server wrote of the statements it ran."""
        return (self.folder / "log").read_text()


def programs() -> Path | None:
    """Return the folder of the server's programs, newest first, or None where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Run a server that asks for a password, and stop it at the end."""
    where = programs()
    assert where is not None
    as_user: dict[str, int] = {}
    if os.geteuid() == 0:  # the server refuses to be run by root
        account = pwd.getpwnam("postgres")
        as_user = {"user": account.pw_uid, "group": account.pw_gid}
        shutil.chown(folder, account.pw_uid, account.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secret = folder / "secret"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    data = folder / "data"
    quiet = {"check": True, "capture_output": True, "cwd": folder, **as_user}
    make = [
        where / "initdb",
        "-D",
        data,
        "-U",
        "owner",
        "--auth=scram-sha-256",
        f"--pwfile={secret}",
        "-E",
        "UTF8",
    ]
    subprocess.run(make, **quiet)  # type: ignore[call-overload]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    options += " -c log_statement=all"
    control = [where / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], **quiet)  # type: ignore[call-overload]
    server = Server("127.0.0.1", port, folder, where)
    try:
        server.run("CREATE DATABASE shop", "postgres")
        yield server
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)  # type: ignore[call-overload]
