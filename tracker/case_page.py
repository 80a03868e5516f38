"""The page of a case file: one self-contained HTML, to read on a screen and to print."""

from typing import TYPE_CHECKING

import msgspec

from events.periods import Listing, on_day
from events.words import list_name, say_destination
from projections.rows import Entry, PendingRow
from tracker.render import environment

if TYPE_CHECKING:
    from tracker.case import CaseDocument, Question

STANDINGS = {
    "official": "official",
    "first-hand": "first-hand",
    "reported": "reported by the press",
}


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    question: "Question"
    digest: str | None
    entries: tuple[Entry, ...]
    listings: tuple[Listing, ...]
    waiting: tuple[PendingRow, ...]
    documents: "tuple[CaseDocument, ...]"


def as_page(page: Page) -> str:
    """The page; everything that comes from outside is escaped."""
    found = environment().get_template("case.html").render(
        page=page,
        title=_title(page),
        standings=STANDINGS,
        listed=[_listed(one, page.question.on) for one in page.listings],
        republished={name for one in page.documents for name in one.files},
        quoted=sum(len(one.evidence) for one in page.entries),
        visible=visible,
        say_time=say_time,
        list_name=list_name,
    )  # fmt: skip
    return found + "\n"


def visible(text: str | None) -> str:
    """A quote with its lines, and a mark for whatever cannot be seen, so that it cannot turn the text around."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text or "")


def say_time(published: str | None) -> str:
    """When something was published: a day as it is, a time with a space in it so that lines break well."""
    return (published or "undated").replace("T", " ", 1)


def _title(page: Page) -> str:
    """The subject by its name, where the facts tell one."""
    kind, _, name = page.question.subjects[0].partition(":") if len(page.question.subjects) == 1 else ("", "", "")
    for one in page.entries:
        if kind == "institution" and one.institution == name and one.institution_name:
            return one.institution_name
        if kind == "party" and one.party == name and one.party_name:
            return one.party_name
    return page.listings[-1].last.name if kind == "listing" and page.listings else page.question.subject


def _listed(listing: Listing, day: str | None) -> dict[str, object]:
    """An entry of a list as the page shows it: its periods, and what it is on the day that was asked about."""
    standing = on_day(listing, day) if day else None
    return {
        "list": list_name(listing.list),
        "lineage": listing.lineage,
        "name": listing.last.name,
        "destination": say_destination(listing.last.destination),
        "status": (standing.status if standing else "not known by then") if day else None,
        "filed": listing.filed,
        "periods": listing.periods,
        "citations": [one for one in listing.citations if one.citation],
    }
