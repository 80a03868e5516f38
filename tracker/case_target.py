"""Writes a case file: into a folder, or as one zip; never over what is not its own."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tracker.errors import TrackerError, UsageError

NAMES: Final = frozenset(
    {"index.html", "timeline.jsonl", "statements.jsonl", "readings.jsonl", "decisions.jsonl", "manifest.json", "README.txt",
     "SHA256SUMS"}
)  # fmt: skip
_DOCUMENT: Final = re.compile(r"documents/[0-9a-f]{64}\.(raw|txt|json)")
_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can tell: no clock goes into a case."""


def check_target(target: Path, *, as_zip: bool, force: bool) -> None:
    """Raises UsageError for a target that holds something, unless it may be replaced."""
    if as_zip and target.is_dir():
        raise UsageError(f"{target}: a folder, and the case file is to be one zip", "Give --to the name of a file.")
    if not as_zip and target.exists() and not target.is_dir():
        raise UsageError(f"{target}: a file, and the case file is to be a folder", "Give --to another name, or --zip.")
    if force or not target.exists():
        return
    if target.stat().st_size > 0 if as_zip else any(target.iterdir()):
        hint = "Give --to another name, or --force to replace an earlier case file there."
        raise UsageError(f"{target}: there is something already", hint)


def write(files: Mapping[str, bytes], target: Path, *, as_zip: bool) -> None:
    """Writes the files; in a folder the files of an earlier case go first, and nothing else is touched."""
    strange = [name for name in files if name not in NAMES and not _DOCUMENT.fullmatch(name)]
    if strange:
        raise ValueError(f"{strange[0]} is no file of a case")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if as_zip:
            beside = target.with_name(f".{target.name}.new")
            beside.write_bytes(_zipped(files))
            beside.replace(target)
        else:
            _write_folder(files, target)
    except OSError as error:
        raise TrackerError(f"{target}: the case file cannot be written: {error}", "Give --to another place.") from error


def _write_folder(files: Mapping[str, bytes], target: Path) -> None:
    target.mkdir(exist_ok=True)
    documents = target / "documents"
    if documents.is_symlink():
        raise TrackerError(f"{documents}: a link, which may lead elsewhere", "Remove it, or give --to another place.")
    earlier = [target / name for name in NAMES]
    earlier += [path for path in documents.glob("*") if _DOCUMENT.fullmatch(f"documents/{path.name}")]
    for path in earlier:
        path.unlink(missing_ok=True)
    if any(name.startswith("documents/") for name in files):
        documents.mkdir(exist_ok=True)
    # The list of sums goes last: without it, the folder is not whole.
    for name in sorted(files, key=lambda name: (name == "SHA256SUMS", name)):
        with (target / name).open("xb") as file:
            file.write(files[name])


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
            zipped.writestr(entry, files[name])
    return buffer.getvalue()
