"""Knows how compressed files and archives are unpacked, and what is refused before it fills the disk."""

from __future__ import annotations

import gzip
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from tools.errors import ToolError

MOST_BYTES = 8 * 2**30  # unpacked, in one archive
SUSPICIOUS_BYTES, SUSPICIOUS_RATIO = 100 * 2**20, 200  # tables shrink to a tenth, to a fiftieth at best
MOST_FILES = 100
DEEPEST = 3  # archives within archives


def gzip_start(path: Path, label: str, n_bytes: int) -> bytes:
    """Return the first bytes of what a gzip file holds.

    Raises:
        ToolError: If it is damaged.
    """
    try:
        with gzip.open(path) as stream:
            return stream.read(n_bytes)
    except (OSError, EOFError, zlib.error) as error:
        raise ToolError(
            f"{label} is a damaged gzip file.", "Compress it again, or give it as it is."
        ) from error


def gunzip(path: Path, label: str, folder: Path) -> Path:
    """Unpack a gzip file into a folder.

    Raises:
        ToolError: If it is damaged or unpacks to more than a table would.
    """
    target = _place(folder) / re.sub(r"\.gz$", "", path.name, flags=re.IGNORECASE)
    size = path.stat().st_size
    try:
        with gzip.open(path) as packed, target.open("wb") as stream:
            done = 0
            while piece := packed.read(2**22):
                done += len(piece)
                _check_size(label, size, done)
                stream.write(piece)
    except (OSError, EOFError, zlib.error) as error:
        raise ToolError(
            f"{label} is a damaged gzip file.", "Compress it again, or give it as it is."
        ) from error
    return target


def unzip(path: Path, label: str, folder: Path, depth: int) -> Iterator[Path]:
    """Unpack the files of an archive one after another, those that a system adds left out.

    Args:
        path: The archive.
        label: Its name for people.
        folder: Where the files go.
        depth: How many archives it lies in.

    Raises:
        ToolError: If it is damaged, locked, nested too deep, or unpacks to more than tables would.
    """
    if depth >= DEEPEST:
        raise ToolError(
            f"{label} holds archives within archives, too deep to follow.", "Give the files themselves."
        )
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if _wanted(entry)]
            if not entries or len(entries) > MOST_FILES:
                wrong = "no file" if not entries else f"{len(entries):,} files, too many to be read as tables"
                raise ToolError(f"{label} holds {wrong}.", "Give the files themselves.")
            if any(entry.flag_bits & 1 for entry in entries):
                raise ToolError(f"{label} is protected by a password.", "Save it again without the password.")
            _check_size(label, path.stat().st_size, sum(entry.file_size for entry in entries))
            for entry in entries:
                target = _place(folder) / (re.sub(r"[^\w. -]", "_", Path(entry.filename).name) or "data.csv")
                with archive.open(entry) as packed, target.open("wb") as stream:
                    shutil.copyfileobj(packed, stream, 2**22)  # the archive itself ends at the stated size
                yield target
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error, OSError) as error:
        raise ToolError(f"{label} is a damaged archive.", "Pack it again, or give the files.") from error


def _wanted(entry: zipfile.ZipInfo) -> bool:
    name = Path(entry.filename).name
    return not (entry.is_dir() or entry.filename.startswith("__MACOSX/") or name.startswith("."))


def _check_size(label: str, packed: int, unpacked: int) -> None:
    bomb = unpacked > SUSPICIOUS_BYTES and unpacked > SUSPICIOUS_RATIO * max(packed, 1)
    if bomb or unpacked > MOST_BYTES:
        raise ToolError(
            f"{label} unpacks to {unpacked / 2**20:,.0f} MB or more, which no table of its size does.",
            "Give the files themselves, unpacked.",
        )


def _place(folder: Path) -> Path:
    inner = folder / f"{len(list(folder.iterdir()))} unpacked"
    inner.mkdir()
    return inner
