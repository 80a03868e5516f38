"""README, changelog and links: what is shown runs, what is linked is there, what is packed works."""

import re
import shlex
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

import tracker
from tests.docs.conftest import Home
from tests.docs.pages import DOCS, ROOT, text

README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]


def transcripts() -> list[tuple[str, list[str]]]:
    """Each `$ tracker ...` of the README with the lines shown below it; what the demo asks itself is its output."""
    found = []
    for block in re.findall(r"^```(?:sh|console)\n(.*?)^```", text(README), re.MULTILINE | re.DOTALL):
        if not block.startswith("$ tracker"):
            continue
        lines = block.splitlines()
        starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
        starts = starts[:1] if lines[0] == "$ tracker demo" else starts
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            found.append((lines[start].removeprefix("$ tracker "), lines[start + 1 : end]))
    return found


def pattern(shown: list[str]) -> str:
    """Shown output as an expression: a line `...` stands for any lines, ` ...` in a line for anything in it."""
    parts = []
    for line in shown:
        if line == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(r"[^\n]*".join(re.escape(part) for part in line.split(" ...")) + r"\n")
    return "".join(parts)


@pytest.mark.parametrize(("line", "shown"), transcripts(), ids=[line for line, _ in transcripts()])
def test_the_readme_shows_what_happens(
    demo: Home, line: str, shown: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    output = demo.run(*shlex.split(line))
    if shown:
        assert re.fullmatch(pattern(shown), output), f"tracker {line} gives\n{output}"


def test_the_readme_runs_something() -> None:
    assert len(transcripts()) >= 5


@pytest.mark.parametrize("path", PAGES, ids=[path.name for path in PAGES])
def test_links_lead_somewhere(path: Path) -> None:
    words = re.sub(r"^```.*?^```", "", text(path), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", words):
        if not target.startswith("https://"):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_every_page_is_linked_from_the_readme() -> None:
    for path in DOCS.glob("*.md"):
        assert f"(docs/{path.name})" in text(README)


def test_the_changelog_tells_of_this_version() -> None:
    heading = rf"^## {re.escape(tracker.__version__)} - (?:unreleased|\d{{4}}-\d\d-\d\d)$"
    assert re.search(heading, text(ROOT / "CHANGELOG.md"), re.MULTILINE)


def test_tasks_are_documented() -> None:
    told = text(ROOT / "CONTRIBUTING.md") + text(README)
    for target in re.findall(r"^([a-z]+):.*## ", text(ROOT / "Makefile"), re.MULTILINE):
        assert target == "help" or f"make {target}" in told, target


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_versions_and_name_no_registry(name: str) -> None:
    lines = [line for line in text(ROOT / name).splitlines() if not line.startswith("#")]
    for line in lines:
        assert re.match(r"[a-z0-9._-]+==[\w.]+(?: ; |$)|-r requirements\.lock$", line), line


@pytest.mark.slow
def test_the_wheel_works_away_from_the_checkout(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
        names = set(archive.namelist())
    packaged = {path.relative_to(ROOT / "config").as_posix() for path in (ROOT / "config").rglob("*.toml")}
    assert {f"tracker/default_config/{name}" for name in packaged} <= names
    inside = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); from tracker.cli.main import main; main()"
    run = [sys.executable, "-P", "-c", inside, "demo", "--dir", str(tmp_path / "home")]
    done = subprocess.run(run, cwd=tmp_path, check=False, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    assert "$ tracker timeline mit" in done.stdout
