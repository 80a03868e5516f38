"""Templates of the user's own: they come first; a broken one is told, and ours is used."""

import logging
from pathlib import Path

import pytest

from tests.conftest import Tracker
from tests.deliver.conftest import Office, Settle


@pytest.fixture
def office(settled: Settle, tmp_path: Path) -> Office:
    office = settled("")
    office.watch(f"file:{tmp_path / 'digests'}")
    return office


def page(office: Office, tmp_path: Path, template: str, name: str = "digest.html") -> str:
    """The page of a digest with such a template."""
    folder = office.app.config_directory / "templates"  # type: ignore[operator]
    folder.mkdir()
    (folder / name).write_text(template, encoding="utf-8")
    office.learn("Söhne & <b>Co</b>")
    assert not office.run().failed
    return (tmp_path / "digests" / "office-0001.html").read_text(encoding="utf-8")


def test_a_template_of_your_own_is_used_and_escapes_too(office: Office, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shown = page(office, tmp_path, "<p>ours: {{ heading }}</p>{{ body }}")
    assert shown.startswith("<p>ours: office: 1 change")
    assert "Söhne &amp; &lt;b&gt;Co&lt;/b&gt;" in shown
    assert caplog.records == []


def test_what_would_be_sent_is_shown_by_a_template_of_your_own(office: Office, tracker: Tracker) -> None:
    folder = office.app.config_directory / "templates"  # type: ignore[operator]
    folder.mkdir()
    (folder / "digest.html").write_text("<p>ours: {{ heading }}</p>", encoding="utf-8")
    office.learn()
    office.app.close()
    for command in (("digest", "office", "--dry-run"), ("watch", "preview"), ("digest", "office")):
        assert tracker(*command, "--format", "html").stdout.startswith("<p>ours: ")


@pytest.mark.parametrize(
    "template",
    [
        "{{ heading",
        "{% for x in %}",
        "{{ nobody.knows }}",
        "{{ 1 / 0 }}",
        "{% include 'missing.html' %}",
        "{{ heading | nofilter }}",
    ],
)
@pytest.mark.parametrize("name", ["digest.html", "digest_line.html"])
def test_a_broken_one_is_told_and_the_digest_goes_out(
    office: Office, tmp_path: Path, caplog: pytest.LogCaptureFixture, template: str, name: str
) -> None:
    if name == "digest_line.html" and template == "{{ heading | nofilter }}":
        template = "{{ item | nofilter }}"
    with caplog.at_level(logging.ERROR):
        shown = page(office, tmp_path, template, name)
    assert "Söhne &amp; &lt;b&gt;Co&lt;/b&gt;" in shown
    assert "prefers-color-scheme" in shown
    (record,) = caplog.records
    assert "template of yours is broken, so ours are used" in record.getMessage()
    assert "templates" in record.getMessage()
