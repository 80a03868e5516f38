"""The `file:DIR` channel: each digest as `.txt`, `.html` and `.json` in a folder."""

from pathlib import Path

from tracker.deliver.base import DeliveryError, Parcel


def deliver_to_folder(parcel: Parcel, target: str) -> str:
    """Writes the three files, each complete or not at all; writing the same digest again changes nothing."""
    folder = Path(target).expanduser()
    name = f"{parcel.watch}-{parcel.number:04d}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, content in ((".txt", parcel.text), (".html", parcel.html), (".json", parcel.json)):
            beside = folder / f".{name}{suffix}.new"
            beside.write_bytes(content)
            beside.replace(folder / f"{name}{suffix}")
    except OSError as error:
        raise DeliveryError(f"{folder}: {error.strerror or error}") from error
    return f"{name}.txt, .html, .json"
