"""A folder of the user's own in which what was worked out is kept between runs: the grammar, and plans.

The folder is used only where it belongs to the user and nobody else may enter it. What it holds is plain data
behind a checksum: a file that is damaged, old or foreign is passed over and written afresh. `PMDSL_CACHE`
names another folder, or is `off`.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import stat
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

CHECKSUM_SIZE = 32
OFF = "off"


def cache_folder() -> Path | None:
    """The folder, made where it is missing; None where it is not wanted, or cannot be trusted or made."""
    if os.environ.get("PMDSL_CACHE") == OFF:
        return None
    folder = base_folder() / "pmdsl"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder if is_private(folder) else None
    except (OSError, ValueError):
        return None


def base_folder() -> Path:
    """Where this platform keeps what can be made again."""
    for variable in ("PMDSL_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        value = os.environ.get(variable)
        if value:
            return Path(value)
    return Path(os.path.expanduser("~")) / ".cache"


def is_private(folder: Path) -> bool:
    """Whether a folder is a real one, owned by this user, closed to all others."""
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        return False
    if sys.platform == "win32":
        return True
    return status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) & 0o077 == 0


# ---- what is kept ------------------------------------------------------------------------------------------


def load(key: str) -> object | None:
    """The plain data kept under a key; None where nothing sound is."""
    payload = load_bytes(key)
    try:
        return None if payload is None else marshal.loads(payload)
    except (EOFError, ValueError, TypeError):
        return None


def save(key: str, value: dict[str, Any]) -> None:
    """Keep plain data under a key. A folder that cannot be written to is no error."""
    save_bytes(key, marshal.dumps(value))


def load_bytes(key: str) -> bytes | None:
    """What is kept under a key; None where nothing sound is. It counts as used now."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        content = (folder / key).read_bytes()
    except OSError:
        return None
    checksum, payload = content[:CHECKSUM_SIZE], content[CHECKSUM_SIZE:]
    if sha256(payload).digest() != checksum:
        return None
    with contextlib.suppress(OSError):
        os.utime(folder / key)
    return payload


def save_bytes(key: str, payload: bytes) -> None:
    """Keep something under a key. A folder that cannot be written to is no error."""
    folder = cache_folder()
    if folder is not None:
        with contextlib.suppress(OSError):
            write_whole(folder, folder / key, sha256(payload).digest() + payload)


def write_whole(folder: Path, path: Path, content: bytes) -> None:
    """Write a file so that a reader sees all of it or none."""
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


def bound(prefix: str, most: int) -> None:
    """Remove what was not used for longest of the keys with a prefix, until the rest has so many bytes."""
    folder = cache_folder()
    if folder is None:
        return
    left = most
    with contextlib.suppress(OSError):
        files = [(path, path.stat()) for path in folder.glob(f"{prefix}*")]
        for path, status in sorted(files, key=lambda file: -file[1].st_mtime_ns):
            left -= status.st_size
            if left < 0:
                with contextlib.suppress(OSError):
                    path.unlink()
