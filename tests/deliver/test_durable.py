"""What a receipt says was written is on the disk by then: the power may go right after."""

import errno
import os
from pathlib import Path

import pytest

from tests.deliver.conftest import Settle
from tracker import delivery
from tracker.durable import sync_folder, write_durably

FILES = {
    "file:{}": ("office-0001.txt", "office-0001.html", "office-0001.json"),
    "markdown:{}": ("office-0001.md",),
    "atom:{}/feed.atom": ("feed.atom",),
    "ics:{}/days.ics": ("days.ics",),
}


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The inodes that were given to the disk."""
    found: set[int] = set()
    sync = os.fsync

    def noted(descriptor: int) -> None:
        sync(descriptor)
        found.add(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", noted)
    return found


@pytest.mark.parametrize("channel", FILES)
def test_files_and_folders_are_on_the_disk_before_the_receipt(
    settled: Settle, tmp_path: Path, synced: set[int], monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    folder = tmp_path / "new" / "folder"
    office = settled("")
    office.watch(channel.format(folder))
    office.learn()
    unsynced: list[Path] = []
    made = delivery._made

    def looked(*arguments: object) -> None:
        files = [folder / name for name in FILES[channel]]
        unsynced.extend(one for one in (*files, folder, folder.parent, tmp_path) if one.stat().st_ino not in synced)
        made(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(delivery, "_made", looked)
    synced.clear()
    assert not office.run().failed
    assert len(office.receipts()) == 1
    assert unsynced == []


def test_nothing_is_left_of_what_could_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "one").write_bytes(b"before")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_durably(tmp_path / "one", b"after", tmp_path / ".one.new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("one", b"before")]


@pytest.mark.parametrize(("code", "fails"), [(errno.EINVAL, False), (errno.EIO, True)])
def test_a_file_system_without_fsync_of_folders_is_good_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, fails: bool
) -> None:
    def refused(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refused)
    try:
        sync_folder(tmp_path)
    except OSError:
        assert fails
    else:
        assert not fails
