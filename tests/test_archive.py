"""The archive: bytes under their digest, whole or absent."""

import gzip
import hashlib
import multiprocessing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import NOW
from tracker.archive import Archive, Provenance, kept_headers
from tracker.errors import TrackerError

WORDS = "MIT, Pékin et 海康威视".encode()
DIGEST = hashlib.sha256(WORDS).hexdigest()


def path_of(archive: Archive, digest: str) -> Path:
    return archive.root / digest[:2] / digest[2:]


def test_what_is_put_comes_back(archive: Archive) -> None:
    assert archive.put(WORDS) == DIGEST
    assert archive.get(DIGEST) == WORDS
    assert archive.text(DIGEST) == WORDS.decode()
    assert archive.put(b"") == hashlib.sha256(b"").hexdigest()
    assert archive.get(hashlib.sha256(b"").hexdigest()) == b""


def test_what_is_there_is_not_written_again(archive: Archive) -> None:
    archive.put(WORDS)
    before = path_of(archive, DIGEST).stat().st_mtime_ns
    archive.put(WORDS)
    assert path_of(archive, DIGEST).stat().st_mtime_ns == before
    assert list(archive.digests()) == [DIGEST]


def test_nothing_is_left_beside(archive: Archive) -> None:
    archive.put(WORDS, Provenance(url="https://a.example/", at=NOW))
    assert sorted(path.suffix for path in archive.root.rglob("*") if path.is_file()) == ["", ".jsonl"]


def test_equal_bytes_are_kept_as_equal_files(archive: Archive, tmp_path: Path) -> None:
    other = Archive(tmp_path / "other")
    assert path_of(archive, archive.put(WORDS)).read_bytes() == path_of(other, other.put(WORDS)).read_bytes()


def test_how_bytes_came_is_noted_each_time(archive: Archive) -> None:
    first = Provenance(url="https://a.example/", at=NOW, status=200, headers={"etag": '"1"'})
    second = Provenance(url="https://b.example/", at=NOW + timedelta(hours=1))
    archive.put(WORDS, first)
    archive.put(WORDS)
    archive.put(WORDS, second)
    assert archive.provenance(DIGEST) == [first, second]
    assert archive.provenance("0" * 64) == []


def test_a_note_cut_short_by_a_crash_is_passed_over(archive: Archive) -> None:
    whole = Provenance(url="https://a.example/", at=NOW)
    archive.put(WORDS, whole)
    notes = path_of(archive, DIGEST).with_suffix(".jsonl")
    notes.write_bytes(notes.read_bytes() + b'{"url":"https://b.exam')
    assert archive.provenance(DIGEST) == [whole]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "missing"),
        (b"not gzip", "damaged"),
        (gzip.compress(WORDS)[:-6], "damaged"),
        (gzip.compress(WORDS)[:12] + b"\xff\xff\xff\xff" + gzip.compress(WORDS)[16:], "damaged"),
        (b"", "holds other bytes"),
        (gzip.compress(b"something else"), "holds other bytes"),
    ],
    ids=["missing", "no gzip", "cut short", "flipped", "empty", "other bytes"],
)
def test_a_missing_or_damaged_object_is_told_in_one_line(archive: Archive, content: bytes | None, words: str) -> None:
    archive.put(WORDS)
    if content is None:
        path_of(archive, DIGEST).unlink()
    else:
        path_of(archive, DIGEST).write_bytes(content)
    with pytest.raises(TrackerError, match=words) as raised:
        archive.get(DIGEST)
    assert DIGEST in str(raised.value)
    assert "\n" not in str(raised.value)
    assert raised.value.hint


def _put_many(root: Path, rounds: int) -> None:
    archive = Archive(root)
    for n in range(rounds):
        archive.put(b"same bytes %d" % n, Provenance(url="https://a.example/", at=NOW))


def test_processes_may_put_the_same_bytes_at_once(archive: Archive) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_put_many, args=(archive.root, 30)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 3
    digests = list(archive.digests())
    assert len(digests) == 30
    for digest in digests:
        assert archive.get(digest).startswith(b"same bytes")
        assert len(archive.provenance(digest)) == 3


def test_cookies_are_not_kept() -> None:
    given = {"Content-Type": "text/html", "Set-Cookie": "id=1", "ETag": '"1"', "X-Powered-By": "x"}
    assert kept_headers(given) == {"content-type": "text/html", "etag": '"1"'}
