"""The HTML mail in a real browser: readable on a phone, in the dark, without images or scripts, nothing out of sight."""

import html
import json
import os
import re
import shutil
import subprocess
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from projections.deliveries import owed
from tests.builders import added, ended, removed, revised
from tests.deliver.conftest import HOSTILE, Office, Settle
from tests.test_digest import learn
from tracker.channels import wanted
from tracker.deliver.mail import compose
from tracker.parcels import means, parcel

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; on Debian: apt install chromium")
LONG = "Beijing " + "Verylongnamewithoutanyspaceinit" * 12 + " Technology Development Co., Ltd."
_MEASURE = """
<!DOCTYPE html><meta charset="utf-8"><style>body{{margin:0}}iframe{{border:0;display:block}}</style>
<iframe id="mail" width="{width}" height="{height}" srcdoc="{page}"></iframe>
<pre id="told"></pre>
<script>
  const frame = document.getElementById("mail");
  frame.onload = () => {{
    const page = frame.contentDocument, shown = frame.contentWindow;
    const over = [...page.body.querySelectorAll("*")].filter(one => one.getBoundingClientRect().right > {width} + 0.5);
    const style = one => shown.getComputedStyle(one);
    document.getElementById("told").textContent = JSON.stringify({{
      scroll: page.documentElement.scrollWidth,
      over: over.map(one => one.tagName),
      background: style(page.body).backgroundColor,
      text: style(page.querySelector("td.what")).color,
      size: parseFloat(style(page.querySelector("td.what")).fontSize),
      link: style(page.querySelector("td.what a")).color,
      scripts: page.scripts.length,
      images: page.images.length,
    }});
  }};
</script>
"""


def browse(folder: Path, *arguments: str) -> str:
    """What the browser prints."""
    assert CHROMIUM
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [
        CHROMIUM, "--headless=new", *sandbox, "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
        "--disable-extensions", f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=3000", *arguments,
    ]  # fmt: skip
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


@pytest.fixture
def mail(settled: Settle) -> str:
    """The HTML part of a mail that holds what is hard to show."""
    lines = ["[email]", 'host = "127.0.0.1"', 'from = "t@example.edu"', "[serve]", 'public_url = "https://tracker.example.edu"']
    office: Office = settled("\n".join(lines))
    office.watch("email:ada@example.org")
    entries = [
        added("Acme"),
        added(LONG),
        added(HOSTILE[:2000]),
        added("海康威视数字技术股份有限公司"),
        added("Söhne & Co", "2019-10-12"),
    ]
    learn(office.app, "document/federal-register/2019-22210", *entries)
    learn(office.app, "document/federal-register/2019-22211", revised("Acme", "2019-10-20"), removed("Söhne & Co", "2019-11-20"))
    learn(office.app, f"document/post/{'long' * 60}", ended("2019-10-01"))
    office.run()
    (channel,) = wanted(office.app)
    office.app.deliveries.catch_up()
    with office.app.deliveries.store.reading() as database:
        (row,) = owed(database)[channel]
    message = compose(parcel(office.app, row), "ada@example.org", means(office.app, channel))
    found: Any = message_from_bytes(message.as_bytes(), policy=default).get_body(("html",))
    return str(found.get_content())


def look(folder: Path, page: str, width: int, *, dark: bool) -> dict[str, Any]:
    """The page in a window of some width: what it measures; a screenshot is left in the folder."""
    wrapper = folder / "wrapper.html"
    wrapper.write_text(_MEASURE.format(width=width, height=1800, page=html.escape(page)), encoding="utf-8")
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    shot = folder / f"mail-{width}-{'dark' if dark else 'light'}.png"
    size = f"--window-size={max(width, 500)},1800"
    browse(folder, scheme, size, f"--screenshot={shot}", wrapper.as_uri())
    assert shot.read_bytes().startswith(b"\x89PNG")
    dom = browse(folder, scheme, size, "--dump-dom", wrapper.as_uri())
    told = re.search(r'<pre id="told">(.+?)</pre>', dom, re.DOTALL)
    assert told, dom[-500:]
    found: dict[str, Any] = json.loads(html.unescape(told[1]))
    return found


def light(colour: str) -> float:
    """The relative luminance of `rgb(r, g, b)` (WCAG 2)."""
    parts = [int(one) / 255 for one in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How well one colour reads on another; 4.5 is enough for text (WCAG 2, AA)."""
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_mail_reads_well(tmp_path: Path, mail: str) -> None:
    for width, dark in ((390, False), (390, True), (1100, False), (1100, True)):
        found = look(tmp_path, mail, width, dark=dark)
        assert found["scroll"] <= width
        assert found["over"] == []
        assert (found["scripts"], found["images"]) == (0, 0)
        assert found["size"] >= 15
        assert (light(found["background"]) < 0.1) == dark
        assert contrast(found["text"], found["background"]) >= 7
        assert contrast(found["link"], found["background"]) >= 4.5
