"""Knows how compressed files and archives are unpacked, and what is refused before it fills the disk."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Literal, cast

from tools.errors import ToolError

MOST_BYTES = 8 * 2**30  # unpacked, in one archive
SUSPICIOUS_BYTES, SUSPICIOUS_RATIO = 100 * 2**20, 200  # tables shrink to a tenth, to a fiftieth at best
MOST_FILES = 100
DEEPEST = 3  # archives within archives


Packing = Literal["gzip", "bzip2", "xz"]
PACKED: Mapping[Packing, bytes] = {"gzip": b"\x1f\x8b", "bzip2": b"BZh", "xz": b"\xfd7zXZ"}
DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError)


def packing_of(start: bytes) -> Packing | None:
    """Return how a file is compressed, by its first bytes; None if it is not."""
    return next((packing for packing, magic in PACKED.items() if start.startswith(magic)), None)


def _open(path: Path, packing: Packing) -> IO[bytes]:
    if packing == "gzip":
        return cast(IO[bytes], gzip.open(path, "rb"))
    return bz2.open(path, "rb") if packing == "bzip2" else lzma.open(path, "rb")


def packed_start(path: Path, label: str, packing: Packing, n_bytes: int) -> bytes:
    """Return the first bytes of what a compressed file holds.

    Raises:
        ToolError: If it is damaged.
    """
    try:
        with _open(path, packing) as stream:
            return stream.read(n_bytes)
    except DAMAGE as error:
        raise _damaged(label, packing) from error


def unpacked(path: Path, label: str, packing: Packing, folder: Path) -> Path:
    """Unpack a compressed file into a folder.

    Raises:
        ToolError: If it is damaged or unpacks to more than a table would.
    """
    bare = re.sub(r"\.tgz$", ".tar", path.name, flags=re.IGNORECASE)
    target = _place(folder) / re.sub(r"\.(gz|bz2|xz)$", "", bare, flags=re.IGNORECASE)
    size = path.stat().st_size
    try:
        with _open(path, packing) as packed, target.open("wb") as stream:
            done = 0
            while piece := packed.read(2**22):
                done += len(piece)
                _check_size(label, size, done)
                stream.write(piece)
    except DAMAGE as error:
        raise _damaged(label, packing) from error
    return target


def _damaged(label: str, packing: Packing) -> ToolError:
    return ToolError(f"{label} is a damaged {packing} file.", "Compress it again, or give it as it is.")


def is_tar(start: bytes) -> bool:
    """Whether a file is a tar archive, by its first bytes."""
    return start[257:262] == b"ustar"


def untar(path: Path, label: str, folder: Path, depth: int) -> Iterator[Path]:
    """Unpack the files of a tar archive; links and devices in it are no files.

    Args:
        path: The archive.
        label: Its name for people.
        folder: Where the files go.
        depth: How many archives it lies in.

    Raises:
        ToolError: If it is damaged, nested too deep, or holds no file or too many.
    """
    if depth >= DEEPEST:
        raise ToolError(
            f"{label} holds archives within archives, too deep to follow.", "Give the files themselves."
        )
    try:
        with tarfile.open(path) as archive:
            entries = [entry for entry in archive if entry.isfile() and not _of_system(entry.name)]
            _check_number(label, len(entries))
            _check_size(label, path.stat().st_size, sum(entry.size for entry in entries))
            for entry in entries:
                packed = archive.extractfile(entry)
                if packed is not None:
                    with packed, (target := _target(folder, entry.name)).open("wb") as stream:
                        shutil.copyfileobj(packed, stream, 2**22)
                    yield target
    except (tarfile.TarError, *DAMAGE) as error:
        raise ToolError(f"{label} is a damaged archive.", "Pack it again, or give the files.") from error


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
            _check_number(label, len(entries))
            if any(entry.flag_bits & 1 for entry in entries):
                raise ToolError(f"{label} is protected by a password.", "Save it again without the password.")
            _check_size(label, path.stat().st_size, sum(entry.file_size for entry in entries))
            for entry in entries:
                target = _target(folder, entry.filename)
                with archive.open(entry) as packed, target.open("wb") as stream:
                    shutil.copyfileobj(packed, stream, 2**22)  # the archive itself ends at the stated size
                yield target
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error, OSError) as error:
        raise ToolError(f"{label} is a damaged archive.", "Pack it again, or give the files.") from error


def _wanted(entry: zipfile.ZipInfo) -> bool:
    return bool(entry.filename) and not (entry.is_dir() or _of_system(entry.filename))


def _of_system(name: str) -> bool:
    """Whether a system added a file by itself."""
    return name.startswith("__MACOSX/") or Path(name).name.startswith(".")


def _target(folder: Path, name: str) -> Path:
    """Return where a file of an archive goes: always below the folder, whatever its name says."""
    return _place(folder) / (re.sub(r"[^\w. -]", "_", Path(name).name) or "data.csv")


def _check_number(label: str, n_files: int) -> None:
    if not n_files or n_files > MOST_FILES:
        wrong = "no file" if not n_files else f"{n_files:,} files, too many to be read as tables"
        raise ToolError(f"{label} holds {wrong}.", "Give the files themselves.")


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
