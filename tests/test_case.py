"""The case file: the same question gives the same bytes, everything in it proves out, and nothing strange gets out."""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from events.decisions import ClaimAccepted, PartyLinked
from events.documents import Quarantine
from tests.builders import LIST, added, append, ended, instant, removed, reported, responded, tie
from tests.conftest import Tracker
from tests.documents import put
from tracker.archive import Archive
from tracker.case_readme import SNIPPET
from tracker.case_target import write
from tracker.ledger import Ledger

RULE, LATER, POST, LOCAL = (
    "document/federal-register/2019-1", "document/federal-register/2019-2", "document/post/a", "document/local/b",
)  # fmt: skip
EVIL = '</title><script>alert("x")</script><img src=x onerror=alert(1)>\x1b[31m\u202eevil'
SOURCES = """
[[source]]
id = "federal-register"
kind = "federal-register"

[[source]]
id = "post"
kind = "feed"
url = "https://post.example/rss"
"""
NAMES = {
    "index.html", "timeline.jsonl", "statements.jsonl", "readings.jsonl", "decisions.jsonl", "manifest.json", "README.txt",
    "SHA256SUMS",
}  # fmt: skip


@pytest.fixture
def filled(tracker: Tracker, ledger: Ledger, archive: Archive, config_directory: Path) -> Tracker:
    """A rule, a later one with a part that waits, an article with an evil title and quote, and a local file."""
    (config_directory / "sources.toml").write_text(SOURCES)
    link = PartyLinked(party="huawei", list=LIST, name="Huawei", match="begins")
    append(ledger, "register/parties", [link], instant("2019-10-01"))
    words = "Huawei Technologies, “Étoile” 海康."
    put(ledger, archive, RULE, words, added("Huawei Technologies"), now=instant("2019-10-09T09:00"))
    put(
        ledger, archive, POST, f"MIT cut ties. {EVIL}",
        reported("huawei", "2019-10-08"), ended("2019-04-03"), responded("2019-10-08"),
        title=EVIL, now=instant("2019-10-09T10:00"),
    )  # fmt: skip
    put(ledger, archive, LOCAL, "Huawei funds MIT.", tie(party="huawei", party_name="Huawei"), now=instant("2019-10-09T11:00"))
    waiting = Quarantine(list=LIST, reason="unclear", change="revised", name="Huawei Technologies")
    put(
        ledger, archive, LATER, "Huawei Technologies is removed.", removed("Huawei Technologies", "2020-01-01"),
        quarantined=(waiting,), published="2019-12-30", now=instant("2019-12-30"),
    )  # fmt: skip
    ledger.close()
    return tracker


def case(tracker: Callable[..., Result], target: Path, subject: str = "huawei", *more: object) -> dict[str, bytes]:
    """A case file written into a folder: its files."""
    result = tracker("-q", "export", "case", subject, "--to", target, *more, now="2020-02-01T00:00:00Z")
    assert (result.exit_code, result.output) == (0, "")
    return {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}


def rows(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def test_the_same_question_gives_the_same_bytes(filled: Tracker, tmp_path: Path) -> None:
    first, again = case(filled, tmp_path / "a"), case(filled, tmp_path / "b")
    assert first == again
    assert set(first) > NAMES
    zips = [tmp_path / "a.zip", tmp_path / "deep" / "b.zip"]
    for path, now in zip(zips, ("2020-02-01T00:00:00Z", "2031-02-01T00:00:00Z"), strict=True):
        assert filled("export", "case", "huawei", "--to", path, "--zip", now=now).exit_code == 0
    assert zips[0].read_bytes() == zips[1].read_bytes()
    with zipfile.ZipFile(zips[0]) as zipped:
        assert zipped.namelist() == sorted(zipped.namelist())
        assert {name: zipped.read(name) for name in zipped.namelist()} == first


def test_what_comes_later_changes_nothing(filled: Tracker, tmp_path: Path, home: Path, archive: Archive) -> None:
    before = case(filled, tmp_path / "a", "huawei", "--known-at", "2019-10-09T12:00:00Z")
    ledger = Ledger(home / "ledger.db")
    put(ledger, archive, "document/post/c", "MIT again.", ended("2019-04-03"), now=instant("2020-01-31"))
    ledger.close()
    assert case(filled, tmp_path / "b", "huawei", "--known-at", "2019-10-09T12:00:00Z") == before
    question = json.loads(before["manifest.json"])["question"]
    assert (question["subjects"], question["known_at"]) == (["party:huawei"], "2019-10-09T12:00:00Z")
    assert {one["type"] for one in rows(before["timeline.jsonl"])} == {
        "entity-added", "tie-ended", "institution-responded", "tie-reported"
    }  # fmt: skip


def test_every_sum_and_digest_proves_out(filled: Tracker, tmp_path: Path, home: Path) -> None:
    files = case(filled, tmp_path / "a")
    sums = {line[66:]: line[:64] for line in files["SHA256SUMS"].decode().splitlines()}
    assert sums == {name: hashlib.sha256(files[name]).hexdigest() for name in files if name != "SHA256SUMS"}
    for name, content in files.items():
        if name.startswith("documents/"):
            assert Path(name).stem == hashlib.sha256(content).hexdigest()
    manifest = json.loads(files["manifest.json"])
    assert {name: one["sha256"] for name, one in manifest["files"].items()} == {
        name: sums[name] for name in sums if name != "manifest.json"
    }
    ledger = Ledger(home / "ledger.db")
    assert manifest["ledger"] == {"position": ledger.head(), "digest": ledger.complete_chain().digest.hex()}
    ledger.close()


def test_the_readme_proves_every_quote_without_us(filled: Tracker, tmp_path: Path) -> None:
    files = case(filled, tmp_path / "a")
    assert len(SNIPPET.splitlines()) == 5
    assert all(f"       {line}\n" in files["README.txt"].decode() for line in SNIPPET.splitlines())
    for name in ("a", "broken"):
        folder = tmp_path / name
        if name == "broken":
            shutil.copytree(tmp_path / "a", folder)
            for path in (folder / "documents").glob("*.txt"):
                path.write_bytes(b"x" + path.read_bytes())
        done = subprocess.run([sys.executable, "-c", SNIPPET], cwd=folder, check=False, capture_output=True, timeout=60)
        assert (done.returncode == 0) == (name == "a"), done.stderr
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "a", check=True, timeout=60)


def test_statements_are_raw_events_with_their_place(filled: Tracker, tmp_path: Path) -> None:
    files = case(filled, tmp_path / "a")
    ledger = {row["position"]: row for row in rows(filled("events", "--jsonl").stdout.encode())}
    for name in ("statements.jsonl", "readings.jsonl", "decisions.jsonl"):
        for row in rows(files[name]):
            assert row == ledger[row["position"]]
    assert {row["claim"] for row in rows(files["statements.jsonl"])} == {
        one["claim"] for row in rows(files["timeline.jsonl"]) for one in row["evidence"]
    }
    assert {row["type"] for row in rows(files["readings.jsonl"])} == {"document-captured", "document-read"}


def test_decisions_about_the_statements_are_in_it(filled: Tracker, tmp_path: Path, home: Path) -> None:
    claim = rows(case(filled, tmp_path / "a")["statements.jsonl"])[0]["claim"]
    ledger = Ledger(home / "ledger.db")
    append(ledger, f"decision/{claim}", [ClaimAccepted(claim=claim, reason="seen", by="Ada")], instant("2020-01-31"))
    ledger.close()
    (one,) = rows(case(filled, tmp_path / "b")["decisions.jsonl"])
    assert (one["claim"], one["reason"]) == (claim, "seen")


def test_what_is_not_ours_is_left_out_and_its_digests_are_told(filled: Tracker, tmp_path: Path, config_directory: Path) -> None:
    files = case(filled, tmp_path / "a")
    told = {one["document"]: one for one in json.loads(files["manifest.json"])["documents"]}
    assert {name: one["republished"] for name, one in told.items()} == {RULE: True, LATER: True, POST: False, LOCAL: False}
    documents = {name for name in files if name.startswith("documents/")}
    assert documents == {name for one in told.values() for name in one["files"]}
    assert len(documents) == 4
    assert not any(told[POST]["text"] in name or told[POST]["raw"] in name for name in files)
    (config_directory / "sources.toml").write_text(SOURCES.replace('url = "', 'republish = true\nurl = "'))
    assert f"documents/{told[POST]['text']}.txt" in case(filled, tmp_path / "b")
    kept = SOURCES.replace('"federal-register"\n\n', '"federal-register"\nrepublish = false\n\n')
    (config_directory / "sources.toml").write_text(kept)
    assert not any(name.startswith("documents/") for name in case(filled, tmp_path / "c"))


class Outside(HTMLParser):
    """Collects what a page asks for, and the elements it has."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loads: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        loading = {"src", "srcset", "data", "poster"}
        self.loads += [value or "" for name, value in attrs if name in loading or name.startswith("on")]
        self.links += [value or "" for name, value in attrs if name == "href"]


def test_the_page_is_self_contained_and_escapes_what_others_wrote(filled: Tracker, tmp_path: Path) -> None:
    html = case(filled, tmp_path / "a")["index.html"].decode()
    page = Outside()
    page.feed(html)
    assert page.loads == []
    assert not page.tags & {"script", "img", "link", "iframe", "object", "embed", "form", "base", "svg"}
    assert "url(" not in html
    assert "@import" not in html
    assert "default-src 'none'" in html
    assert all(link.startswith(("https://", "documents/")) for link in page.links)
    assert "&lt;script&gt;" in html
    assert not {"\x1b", "\u202e"} & set(html)


def test_the_page_tells_the_facts_and_what_waits(filled: Tracker, tmp_path: Path) -> None:
    files = case(filled, tmp_path / "a", "huawei", "--on", "2019-10-09")
    html = files["index.html"].decode()
    for row in rows(files["timeline.jsonl"]):
        assert row["fact"] in html
        assert all(f"characters {one['start']} to {one['end']}" in html and one["text"] in html for one in row["evidence"])
    assert "listed on 2019-10-09" in html
    assert "unclear" in html
    assert "the ledger up to position" in html
    assert "entity-removed" not in {row["type"] for row in rows(files["timeline.jsonl"])}


@pytest.mark.parametrize("subject", ["mit", "Huawei Technologies", "Massachusetts Institute of Technology"])
def test_subjects_of_every_kind(filled: Tracker, tmp_path: Path, subject: str) -> None:
    timeline = json.loads(filled("-q", "timeline", subject, "--json", now="2020-02-01T00:00:00Z").stdout)
    assert rows(case(filled, tmp_path / "a", subject)["timeline.jsonl"]) == timeline


def test_an_unknown_subject_writes_nothing(filled: Tracker, tmp_path: Path) -> None:
    result = filled("export", "case", "Huawey", "--to", tmp_path / "a")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing is known of 'Huawey'" in result.stderr
    assert "Huawei" in result.stderr
    assert not (tmp_path / "a").exists()
    assert filled("export", "case", "huawei", "--known-at", 0, "--to", tmp_path / "a").exit_code == 0
    assert not (tmp_path / "a").exists()


def test_what_is_there_is_not_written_over(filled: Tracker, tmp_path: Path) -> None:
    folder, file = tmp_path / "a", tmp_path / "b.zip"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    file.write_text("mine")
    for target, more in ((folder, []), (file, ["--zip"]), (file, []), (folder, ["--zip", "--force"]), (file, ["--force"])):
        result = filled("export", "case", "huawei", "--to", target, *more)
        assert (result.exit_code, result.stdout) == (2, "")
        assert str(target) in result.stderr
    assert file.read_text() == "mine"


def test_force_replaces_an_earlier_case_and_nothing_else(filled: Tracker, tmp_path: Path) -> None:
    folder = tmp_path / "a"
    case(filled, folder, "mit")
    (folder / "mine.txt").write_text("mine")
    (folder / "documents").mkdir(exist_ok=True)
    stale = folder / "documents" / f"{'0' * 64}.raw"
    stale.write_text("stale")
    (folder / "index.html").unlink()
    (folder / "index.html").symlink_to(tmp_path / "elsewhere.html")
    files = case(filled, folder, "huawei", "--force")
    assert files.pop("mine.txt") == b"mine"
    assert files == case(filled, tmp_path / "b")
    assert not (tmp_path / "elsewhere.html").exists()


def test_nothing_is_written_outside_the_target(filled: Tracker, tmp_path: Path) -> None:
    folder, outside = tmp_path / "a", tmp_path / "outside"
    outside.mkdir()
    folder.mkdir()
    (folder / "documents").symlink_to(outside, target_is_directory=True)
    assert filled("export", "case", "huawei", "--to", folder, "--force").exit_code == 1
    assert list(outside.iterdir()) == []
    with pytest.raises(ValueError, match="no file of a case"):
        write({"../x": b""}, tmp_path / "b", as_zip=False)


@pytest.mark.parametrize("what", ["missing", "damaged"])
def test_a_broken_archive_is_one_line_and_nothing_is_written(filled: Tracker, tmp_path: Path, home: Path, what: str) -> None:
    text = rows(case(filled, tmp_path / "a")["timeline.jsonl"])[0]["evidence"][0]["text"]
    path = home / "archive" / text[:2] / text[2:]
    path.unlink() if what == "missing" else path.write_bytes(b"no gzip")
    result = filled("export", "case", "huawei", "--to", tmp_path / "b")
    assert (result.exit_code, (tmp_path / "b").exists()) == (1, False)
    assert text in result.stderr


def test_a_target_that_cannot_be_written_is_one_line(filled: Tracker, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = filled("export", "case", "huawei", "--to", tmp_path / "file" / "a")
    assert result.exit_code == 1
    assert "the case file cannot be written" in result.stderr


@pytest.mark.slow
def test_a_browser_prints_it(filled: Tracker, tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    case(filled, tmp_path / "a")
    pdf = tmp_path / "case.pdf"
    line = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    subprocess.run(
        [*line, f"--print-to-pdf={pdf}", (tmp_path / "a" / "index.html").as_uri()], check=True, capture_output=True, timeout=120
    )
    assert pdf.read_bytes().startswith(b"%PDF")
