"""The archive: bytes kept by their digest, for good.

    <home>/archive/ab/cdef...      the bytes, gzip
    <home>/archive/ab/cdef....jsonl   how they came: a JSON line for each time (URL, status, headers, time)

An object is complete or absent: it is written beside, fsynced, then renamed, and its folder is fsynced,
before any event may cite it.
"""

import gzip
import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from tracker.durable import sync_folder, write_durably
from tracker.errors import TrackerError


class Provenance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One time that bytes came in: from where, when, and with which answer."""

    url: str
    at: datetime
    status: int | None = None
    headers: dict[str, str] = {}


class Archive:
    """A folder of objects by sha256. Several processes may put at once: equal names are equal bytes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes, provenance: Provenance | None = None) -> str:
        """Keeps bytes and gives their sha256; what is there already is not written again."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            compressed = gzip.compress(content, compresslevel=6, mtime=0)
            # Two processes may put the same bytes at once: each writes a file of its own beside the place.
            descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
            os.close(descriptor)
            write_durably(path, compressed, Path(beside))
            sync_folder(path.parent.parent)  # the folder may be another process's, made a moment ago
        if provenance is not None:
            self._note(path, provenance)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of a digest; raises TrackerError when they are missing or are not those bytes."""
        path = self._path(digest)
        try:
            content = gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            raise TrackerError(f"archive: {digest} is missing ({path})", "Restore it from a backup.") from None
        except (OSError, EOFError, zlib.error) as error:
            raise TrackerError(f"archive: {digest} is damaged: {error} ({path})", "Restore it from a backup.") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise TrackerError(f"archive: {digest} holds other bytes ({path})", "Restore it from a backup.")
        return content

    def text(self, digest: str) -> str:
        """The clean text of a digest."""
        return self.get(digest).decode()

    def provenance(self, digest: str) -> list[Provenance]:
        """How the bytes came, oldest first."""
        path = self._path(digest).with_suffix(".jsonl")
        if not path.exists():
            return []
        decode = msgspec.json.Decoder(Provenance).decode
        return [decode(line) for line in path.read_bytes().splitlines() if line.endswith(b"}")]

    def digests(self) -> Iterator[str]:
        """Every object's digest, sorted."""
        for path in sorted(self.root.glob("??/*")):
            if not path.suffix:
                yield path.parent.name + path.name

    def _path(self, digest: str) -> Path:
        return self.root / digest[:2] / digest[2:]

    def _note(self, path: Path, provenance: Provenance) -> None:
        # One short write in append mode: lines of several processes do not mix.
        line = msgspec.json.encode(provenance) + b"\n"
        descriptor = os.open(path.with_suffix(".jsonl"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers worth keeping: what the bytes are and how fresh; never cookies."""
    wanted = ("content-type", "content-language", "last-modified", "etag", "date", "link", "location")
    lowered = {name.lower(): value for name, value in headers.items()}
    return {name: lowered[name] for name in wanted if name in lowered}
