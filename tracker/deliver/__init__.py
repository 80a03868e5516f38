"""Delivery: a channel a file, behind one small interface; a new one is a line in `CHANNELS`."""

from typing import Final

from tracker.deliver.apprise import check_service, deliver_by_apprise, shown_service
from tracker.deliver.atom import deliver_to_feed
from tracker.deliver.base import Kind
from tracker.deliver.file import deliver_to_folder
from tracker.deliver.folders import kept_path
from tracker.deliver.ics import deliver_to_calendar
from tracker.deliver.mail import check_address, deliver_by_mail, shown_address
from tracker.deliver.markdown import deliver_as_markdown
from tracker.deliver.webhook import check_url, deliver_to_webhook, masked_url, shown_url

CHANNELS: Final[dict[str, Kind]] = {
    "file": Kind(target="DIR", deliver=deliver_to_folder, check=kept_path),
    "email": Kind(target="ADDRESS", deliver=deliver_by_mail, check=check_address, mask=shown_address),
    "webhook": Kind(
        target="URL", deliver=deliver_to_webhook, check=check_url, show=shown_url, mask=masked_url, needs_secret=True
    ),
    "atom": Kind(target="FILE", deliver=deliver_to_feed, check=kept_path),
    "ics": Kind(target="FILE", deliver=deliver_to_calendar, check=kept_path),
    "markdown": Kind(target="DIR", deliver=deliver_as_markdown, check=kept_path),
    "apprise": Kind(target="URL", deliver=deliver_by_apprise, check=check_service, show=shown_service, mask=shown_service),
}
"""Kind of channel, as in `--channel KIND:TARGET` -> how it delivers."""
