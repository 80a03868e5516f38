"""Files that are there whole or not at all, and stay when the power goes.

written beside its place -> fsync -> moved there -> fsync of the folder, which holds the name
"""

import errno
import os
from pathlib import Path
from typing import Final

_UNABLE: Final = (errno.EINVAL, errno.ENOTSUP, errno.EACCES)
"""What a file system answers that has no fsync for folders, or a folder that may be written and not read."""


def write_durably(path: Path, content: bytes, beside: Path) -> None:
    """Writes `beside` and moves it to its place; the folder is made. Once it returns, the file is on the disk.

    `beside` lies in the same folder. Raises OSError; then nothing is left of it.
    """
    make_folder(path.parent)
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Makes a folder, and those above it, to stay."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        sync_folder(one.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder stay, where the file system can."""
    if os.name == "nt":  # Windows cannot open a folder for fsync, and does not need to
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _UNABLE:
            raise
