"""Delivery: a channel a file, behind one small interface; a new one is a line in `CHANNELS`."""

from typing import Final

from tracker.deliver.base import Channel
from tracker.deliver.file import deliver_to_folder

CHANNELS: Final[dict[str, Channel]] = {"file": deliver_to_folder}
"""Kind of channel, as in `--channel KIND:TARGET` -> how it delivers."""
