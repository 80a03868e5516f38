"""How well the Entity List is read from rules: `python -m tests.quality.entity_list [--seeds 1,2,3]`.

Reads every rule of simulated Federal Registers that lie beside the project, settles them, and compares with what
really happened: listings and fields on several days, what waits for a person and whether its document is truly
faulty, and the time it takes against parsing and walking the same XML. No network, no ledger; a seed takes seconds.
"""

import argparse
import gc
import importlib
import json
import re
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from lxml import etree  # type: ignore[import-untyped]

from events.documents import Quarantine
from events.listings import settle_list
from events.names import normalise
from events.periods import Listing, Period, cited_on, on_day
from events.said import Said
from tracker.readers.base import Document
from tracker.readers.rule import read_rule
from tracker.reading import read
from tracker.registers import ListOfEntities, Registers

ROOT = Path(__file__).parents[2]
WORLD = ROOT.parent / "shared" / "world"
DAYS = (
    "2010-06-01", "2014-01-01", "2018-01-01", "2019-10-09", "2020-12-22", "2021-01-05", "2023-02-24", "2024-12-31",
    "2026-07-01",
)  # fmt: skip
FIELDS = ("aliases", "addresses", "requirement", "policy", "citations", "effective")
# The citation of 2023-07840, which its rows show and the list never took over.
UNTOLD = {"882023-04-17"}
_SEE = re.compile(r"[;,.]?\s*\(?\s*See\s+(?:also\s+)?(?:alternate\s+)?address(?:es)?\s+under\s+[^()]*\)?\.?\s*$", re.IGNORECASE)

Key = tuple[str, str]
Waiting = tuple[str, Quarantine]


class World(NamedTuple):
    """A simulated Federal Register: its documents, and the modules that know what is true."""

    data: Any
    truth: Any
    xml: Any
    documents: list[Document]


class Read(NamedTuple):
    """What was made of all documents: what they say, the listings, and what waits."""

    said: list[Said]
    listings: tuple[Listing, ...]
    waiting: list[Waiting]
    healed: Counter[str]
    unmatched: int


def registers() -> Registers:
    """The packaged lists and destinations."""
    tables = tomllib.loads((ROOT / "config" / "lists.toml").read_text(encoding="utf-8"))
    return Registers(
        lists=msgspec.convert(tables["list"], tuple[ListOfEntities, ...]),
        destinations=msgspec.convert(tables["destinations"], dict[str, str]),
    )


def world(seed: int) -> World:
    """Builds the world of a seed and prints its documents."""
    sys.dont_write_bytecode = True
    if str(WORLD) not in sys.path:
        sys.path.insert(0, str(WORLD))
    api, xml, truth, model = (importlib.import_module(f"simworld.{name}") for name in ("frapi", "frxml", "truth", "model"))
    data = model.World(seed)
    documents = [
        Document(
            source="federal-register", kind="rule", key=one.number, url="", rendition="xml",
            raw=xml.xml(data, one).encode(), published=one.pub.isoformat(),
            metadata=json.dumps(api.record(data, one, "https://example.org")).encode(),
        )
        for one in data.docs
        if one.agencies == "bis"
    ]  # fmt: skip
    return World(data, truth, xml, documents)


def read_all(documents: Iterable[Document], known: Registers) -> Read:
    """Reads and settles all documents."""
    said: list[Said] = []
    waiting: list[Waiting] = []
    healed: Counter[str] = Counter()
    for document in documents:
        done = read(document, known)
        reading = done.reading
        assert reading.available is not None
        assert done.failure is None
        said += (
            Said(
                statement=statement, document=document.stream, available=reading.available,
                published=reading.published, citation=reading.citation,
            )
            for statement in done.statements
        )  # fmt: skip
        waiting += ((document.key, one) for one in reading.quarantined)
        healed.update(check.found for check in reading.checks if check.name == "healed")
    settled = settle_list(said)
    return Read(said, settled.listings, waiting, healed, len(settled.unmatched))


def as_known(found: Read, known: str) -> Read:
    """The same with no document published after a day."""
    said = [one for one in found.said if (one.published or "") <= known]
    return found._replace(listings=settle_list(said).listings)


def states(one: World) -> Iterator[tuple[str, str]]:
    """Days and states of knowledge to ask about: around each correction and suspension, before it and after it."""
    for document in one.data.docs:
        hard = document.kind in {"c1", "correcting"} or document.traps & {"suspend", "delayed", "twodates"}
        if not hard:
            continue
        eve = (document.pub - timedelta(days=1)).isoformat()
        term = getattr(document, "until", None)
        for day in (
            document.eff,
            document.pub,
            document.pub + timedelta(days=100),
            *([term, term + timedelta(days=1)] if term else []),
        ):
            yield day.isoformat(), eve
            yield day.isoformat(), document.pub.isoformat()


def listed(found: Read, day: str, status: str = "listed") -> dict[Key, list[tuple[Listing, Period]]]:
    """The entries that are listed on a day (or of another status), by destination and name."""
    entries: dict[Key, list[tuple[Listing, Period]]] = defaultdict(list)
    for listing in found.listings:
        standing = on_day(listing, day)
        if standing is not None and standing.status == status:
            period = standing.period
            entries[normalise(period.destination), normalise(period.name)].append((listing, period))
    return entries


def differences(true: dict[str, Any], listing: Listing, period: Period, day: str, xml: Any) -> set[str]:
    """The fields in which an entry differs from the truth."""
    names: dict[str, list[str]] = {"aka": [], "fka": []}
    for alias in period.aliases:
        names[alias.kind].append(normalise(alias.name))
    cited = {(citation.citation or "").partition(" ")[0] + (citation.published or "") for citation in cited_on(listing, day)}
    requirement = "".join(part for part in xml.req_parts(true["license_requirement"]) if isinstance(part, str))
    told: dict[str, Any] = {
        "aliases": [sorted(map(normalise, true["aliases"])), sorted(map(normalise, true["fka"]))],
        "addresses": _addresses(true["address"]), "requirement": normalise(requirement),
        "policy": normalise(true["license_policy"]), "effective": true["since"],
        "citations": {one.partition(" ")[0] + one.rpartition(", ")[2] for one in true["citations"]},
    }  # fmt: skip
    ours: dict[str, Any] = {
        "aliases": [sorted(names["aka"]), sorted(names["fka"])], "addresses": _addresses("; and ".join(period.addresses)),
        "requirement": normalise(period.license_requirement or ""), "policy": normalise(period.review_policy or ""),
        "effective": listing.first.start,
    }  # fmt: skip
    ours["citations"] = cited - (UNTOLD - told["citations"])
    return {field for field in FIELDS if told[field] != ours[field]}


def _addresses(text: str) -> list[str]:
    pieces = (normalise(_SEE.sub("", piece)) for piece in re.split(r";\s*and\b[,;]?", _SEE.sub("", text)))
    return sorted(piece for piece in pieces if piece)


def score(
    one: World, found: Read, day: str, fields: Counter[str], known: str | None = None, status: str = "listed"
) -> tuple[int, int, int, int]:
    """Compares one day: how many entries are true, right, missing outside of what waits, and wrong."""
    ours = listed(found, day, status)
    waits = {normalise(each.name or "") for _, each in found.waiting}
    seen = date.fromisoformat(known) if known else None
    true = one.truth.on(one.data, date.fromisoformat(day), seen)["entries" if status == "listed" else status]
    right = missing = 0
    for entry in true:
        key = (normalise(entry["heading"]), normalise(entry["name"]))
        if not ours[key]:
            missing += key[1] not in waits
            continue
        right += 1
        unlike = [differences(entry, listing, period, day, one.xml) for listing, period in ours[key]]
        best = min(range(len(unlike)), key=lambda place: len(unlike[place]))
        ours[key].pop(best)
        for field in FIELDS:
            if not (entry["glued_address"] and field in {"aliases", "addresses"}):
                fields[f"{field} scored"] += 1
                fields[field] += field not in unlike[best]
    wrong = sum(key[1] not in waits for key, entries in ours.items() for _ in entries)
    return len(true), right, missing, wrong


def truly_faulty(one: World, found: Read) -> Iterator[tuple[str, bool, Quarantine]]:
    """What waits, and whether its document was printed with a fault."""
    for number, each in found.waiting:
        yield number, bool(one.data.by_number[number].notes.get("faulty")), each


def speed(documents: list[Document], known: Registers) -> tuple[float, float]:
    """Processor seconds to read all documents, and to parse and walk the same bytes, in one run."""
    # The objects of the simulated world are many, and none of the collector's work on them is the reader's.
    gc.collect()
    gc.freeze()
    begin = time.process_time()
    for document in documents:
        read_rule(document, known)
    ours = time.process_time() - begin
    begin = time.process_time()
    for document in documents:
        for element in etree.fromstring(document.raw).iter():
            _ = element.tag, element.text, element.tail
    return ours, time.process_time() - begin


def show(seed: int, known: Registers, verbose: bool) -> None:
    """Prints the figures of one seed."""
    one = world(seed)
    first, walk = speed(one.documents, known)
    begin = time.perf_counter()
    found = read_all(one.documents, known)
    spent = time.perf_counter() - begin
    print(f"\nseed {seed}: {len(one.documents)} documents read and settled in {spent:.1f} s, {len(found.said)} amendments")
    print(f"{'day':12}{'listings':>9}{'right':>7}{'missing':>8}{'wrong':>6}{'precision':>10}{'recall':>8}")
    fields: Counter[str] = Counter()
    for day in DAYS:
        true, right, missing, wrong = score(one, found, day, fields)
        precision, recall = right / max(1, right + wrong), right / max(1, right + missing)
        print(f"{day:12}{true:9}{right:7}{missing:8}{wrong:6}{precision:10.4f}{recall:8.4f}")
    total: Counter[str] = Counter()
    asked = list(states(one))
    for day, known_at in asked:
        then = as_known(found, known_at)
        for status in ("listed", "suspended"):
            true, right, missing, wrong = score(one, then, day, fields, known_at, status)
            total.update({"true": true, "right": right, "missing": missing, "wrong": wrong, status: true})
    words = f"{len(asked)} days and states of knowledge around corrections, suspensions and delays"
    print(f"known then  {words}: {total['true']} entries ({total['suspended']} suspended),", end=" ")
    print(f"{total['right']} right, {total['missing']} missing, {total['wrong']} wrong")
    print("fields      " + "  ".join(f"{field} {fields[field] / max(1, fields[f'{field} scored']):.4f}" for field in FIELDS))
    print(f"healed      {'; '.join(f'{name} {count}' for name, count in found.healed.most_common()) or 'nothing'}")
    waits = list(truly_faulty(one, found))
    faulty = sum(fault for _, fault, _ in waits)
    print(f"waiting     {len(waits)}, of which {faulty} in documents printed with a fault; {found.unmatched} unmatched")
    for number, fault, each in waits:
        if verbose or not fault:
            print(f"  {'faulty ' if fault else ''}{number} {each.destination or ''} {each.name or ''}: {each.reason[:90]}")
    again, walk_again = speed(one.documents, known)
    print(f"speed       {first:.2f} s against {walk:.2f} s for parsing and walking the XML: {first / walk:.1f} times")
    print(f"            {again / walk_again:.1f} times when the same documents are read again in one process")


def main() -> None:
    """Prints the figures of each seed, or says why there are none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1", help="seeds of the simulated world, for example 1,2,3")
    parser.add_argument("-v", "--verbose", action="store_true", help="print everything that waits")
    options = parser.parse_args()
    if not WORLD.exists():
        print(f"the simulated Federal Register is not present at {WORLD}: nothing to compare with")
        return
    known = registers()
    for seed in options.seeds.split(","):
        show(int(seed), known, options.verbose)


if __name__ == "__main__":
    main()
