"""The `file:DIR` channel: each digest as `.txt`, `.html` and `.json` in a folder."""

from pathlib import Path

from tracker.deliver.base import Means, Parcel
from tracker.deliver.folders import replaced


def deliver_to_folder(parcel: Parcel, target: str, means: Means) -> str:  # noqa: ARG001
    """Writes the three files, each complete or not at all; writing the same digest again changes nothing."""
    name = f"{parcel.watch}-{parcel.number:04d}"
    for suffix, content in ((".txt", parcel.text), (".html", parcel.html), (".json", parcel.json)):
        replaced(Path(target) / f"{name}{suffix}", content)
    return f"{name}.txt, .html, .json"
