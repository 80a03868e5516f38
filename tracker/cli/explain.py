"""How timelines and `why` read for people."""

import textwrap
from collections.abc import Sequence
from typing import Any

import click

from events.words import say_date
from projections.rows import Entry
from tracker.cli.output import shown

_INDENT = " " * 12


def print_timeline(entries: Sequence[Entry]) -> None:
    """Each entry with its standing, and each source's own words."""
    for entry in entries:
        sources = "1 source" if entry.sources == 1 else f"{entry.sources} sources"
        click.echo(f"{say_date(entry.date):<10}  {shown(entry.summary)}")
        differing = [date for date in entry.reported if date != entry.date]
        reported = f"; reported as {', '.join(map(say_date, differing))}" if differing else ""
        click.echo(f"{_INDENT}{entry.standing}, {sources}{reported}; {entry.fact}")
        for one in entry.evidence:
            quote = textwrap.shorten(shown(one.quote), 200, placeholder=" …")
            who = shown(one.outlet or one.title or one.document)
            credit = f", told {shown(one.attributed_to)}" if one.attributed_to else ""
            click.echo(f"{_INDENT}“{quote}” ({who}{credit})")
        click.echo()


def print_why(found: dict[str, Any]) -> None:
    """The settlement, then each claim down to its bytes."""
    settled = found["settled"]
    kind = settled.get("type") or (f"listing on {settled['list']}" if settled.get("list") else "a claim that does not count")
    click.echo(f"fact {found['fact']}: {kind}")
    click.echo(f"  settled by     {settled['rule']}")
    for key in ("date", "standing", "sources", "stance", "extent", "reason"):
        if settled.get(key) not in (None, (), []):
            click.echo(f"  {key:<14} {shown(settled[key])}")
    for period in settled.get("periods", ()):
        until = period.get("end") or "now"
        click.echo(f"  in force       {period['start']} to {until}: {period['name']} ({period['destination']})")
    for number, claim in enumerate(found["claims"], start=1):
        _print_claim(number, claim)


def _print_claim(number: int, claim: dict[str, Any]) -> None:
    statement = claim["statement"]
    date = statement.get("effective") or statement.get("date")
    click.echo(f"\n{number}. claim {claim['claim']}: {statement['type']}, {date or 'undated'}")
    click.echo(f"   {shown(claim['before'])} [[ {shown(claim['quote'])} ]] {shown(claim['after'])}")
    if claim["attributed_to"]:
        click.echo(f"   told to    {shown(claim['attributed_to'])}")
    click.echo(f"   document   {claim['document']} version {claim['document_version']} ({claim['rendition']})")
    click.echo(f"   title      {shown(claim['title'])}; published {claim['published'] or 'undated'}")
    click.echo(
        f"   fetched    {claim['fetched_from']} at {claim['fetched_at']}, status {claim['fetch_status'] or 'none (a local file)'}"
    )
    click.echo(f"   bytes      sha256 {claim['bytes']}")
    click.echo(f"   clean text sha256 {claim['text']}, characters {claim['start']} to {claim['end']}")
    click.echo(f"   read by    {claim['reader']} version {claim['reader_version']}, with {shown(sorted(claim['registers']))}")
    click.echo(f"   recorded   position {claim['position']} at {claim['recorded_at']}")
