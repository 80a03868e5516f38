"""A watch called office, and what it was sent."""

import json
from pathlib import Path
from typing import Any

from events.operations import WatchAdded
from tests.test_digest import issued
from tracker import watching
from tracker.app import App
from tracker.recomputing import recomputed
from tracker.replay import scratch_views
from tracker.watching import WatchOrder


def office(app: App, folder: Path, **more: Any) -> WatchAdded:
    return watching.add(app, WatchOrder(watch="office", channels=(f"file:{folder}",), **more))


def secrets(app: App) -> dict[str, str]:
    """All that the private store holds."""
    return {row["reference"]: row["value"] for row in app.private.database.table("secrets").rows}


def model(app: App, number: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(app.archive.get(issued(app)[number - 1].json))
    return found


def titles(app: App, number: int = 1) -> dict[str, list[str]]:
    """The names of each group's lines."""
    return {group["title"]: [item["change"]["name"] for item in group["items"]] for group in model(app, number)["groups"]}


def again(app: App) -> list[bool]:
    """Whether each past digest, computed again, is the same byte for byte."""
    with scratch_views() as store:
        return [one.same for one in recomputed(app, store)]
