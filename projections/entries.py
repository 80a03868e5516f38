"""Timeline entries: the facts and official changes of one subject, at any state of knowledge.

timeline_of("institution:mit", horizon)    "party:huawei"    "listing:<lineage>"
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlite_utils import Database

from events.corroboration import corroborated
from events.facts import Fact, settle_facts
from events.periods import Listing
from events.said import Said, independent_sources
from events.statements import Amendment
from events.words import ON_FILE, summarise, summarise_amendment
from projections.claims import Horizon
from projections.rows import Entry, EvidenceRow
from projections.settled import component, linked_subjects, links, listings_of, parties_of, said_about, said_by_subject


def timeline_of(database: Database, subject: str, horizon: Horizon) -> list[Entry]:
    """All entries of an institution, a party or a listing, in order of date."""
    kind, _, name = subject.partition(":")
    if kind == "institution":
        entries = _reported(database, _subjects_from(database, f"pair:{name}:"), horizon)
    elif kind == "party":
        entries = _of_party(database, name, horizon)
    else:
        entries = _of_listing(database, name, horizon)
    return sorted(entries, key=in_order)


def in_order(entry: Entry) -> tuple[str, ...]:
    """By date; what happened on one day by what it is and whom it is about."""
    return (entry.date.lstrip("/"), entry.type, entry.institution or "", entry.party or "", entry.fact)


def of_reports(database: Database, subject: str, horizon: Horizon) -> list[Entry]:
    """The entries of one pair, or of a party's own words."""
    said = said_about(database, [subject], horizon)
    return entries_of(said, settle_facts(said))


def of_listings(database: Database, party: str, horizon: Horizon) -> list[Entry]:
    """The entries of a party's listings, with what the press says of them."""
    amendments = party_amendments(database, party, horizon)
    reports = reports_of_listings(database, party, horizon)
    support, rest = match_reports(reports, amendments)
    return [*_official(amendments, support, party), *entries_of(rest, settle_facts(rest))]


def _of_party(database: Database, party: str, horizon: Horizon) -> list[Entry]:
    subjects = [*_subjects_about(database, "pair", party), f"entity:{party}"]
    return [*of_listings(database, party, horizon), *_reported(database, subjects, horizon)]


def _of_listing(database: Database, lineage: str, horizon: Horizon) -> list[Entry]:
    rows = database.execute("SELECT subject FROM subjects JOIN statements USING (position) WHERE claim = ?", [lineage])
    subjects = component(database, [row[0] for row in rows])
    settled = listings_of(database, subjects, horizon).listings
    listing = next((one for one in settled if one.lineage == lineage), None)
    if listing is None:
        return []
    amendments = [one for one in said_about(database, subjects, horizon) if one.statement.claim in claims_of(listing)]
    parties = parties_of(listing, links(database, horizon))
    support: dict[str, list[Said]] = defaultdict(list)
    for party in parties:
        reports = reports_of_listings(database, party, horizon)
        matched, _ = match_reports(reports, party_amendments(database, party, horizon))
        for claim, said in matched.items():
            support[claim].extend(said)
    return _official(amendments, support, parties[0] if parties else None)


def party_amendments(database: Database, party: str, horizon: Horizon) -> list[Said]:
    """The amendments of all entries that a party's links lead to."""
    found = links(database, horizon, party)
    subjects = component(database, linked_subjects(database, found))
    said = said_about(database, subjects, horizon)
    wanted: set[str] = set()
    for listing in listings_of(database, subjects, horizon).listings:
        if any(link.fits(listing) for link in found):
            wanted.update(claims_of(listing))
    return [one for one in said if one.statement.claim in wanted]


def claims_of(listing: Listing) -> set[str]:
    """Every amendment, correction and filing that bears on an entry."""
    return {*listing.claims, *(one.claim for one in listing.corrections), *(one.claim for one in listing.announced)}


def match_reports(reports: Iterable[Said], amendments: Sequence[Said]) -> tuple[dict[str, list[Said]], list[Said]]:
    """Press reports by the document whose amendments they corroborate (by claim), and those left over."""
    support: dict[str, list[Said]] = defaultdict(list)
    rest = []
    for report in reports:
        amendment = corroborated(report, amendments)
        if amendment is None:
            rest.append(report)
            continue
        # One rule lists a party under many entries (Huawei: 69); the report speaks of all of them.
        for one in amendments:
            if one.document == amendment.document and type(one.statement) is type(amendment.statement):
                support[one.statement.claim].append(report)
    return support, rest


def reports_of_listings(database: Database, party: str, horizon: Horizon) -> list[Said]:
    """What the press says of a party's being listed, on any list."""
    return said_about(database, _subjects_about(database, "reported", party), horizon)


def _subjects_from(database: Database, prefix: str) -> list[str]:
    query = "SELECT DISTINCT subject FROM subjects WHERE subject > ? AND subject < ?"
    return [row[0] for row in database.execute(query, [prefix, prefix + "\U0010ffff"])]


def _subjects_about(database: Database, kind: str, party: str) -> list[str]:
    query = "SELECT subject FROM about WHERE party = ? AND subject > ? AND subject < ?"
    return [row[0] for row in database.execute(query, [party, f"{kind}:", f"{kind};"])]


def _reported(database: Database, subjects: Iterable[str], horizon: Horizon) -> list[Entry]:
    each = said_by_subject(database, subjects, horizon).values()
    return [entry for said in each for entry in entries_of(said, settle_facts(said))]


def entries_of(said: Sequence[Said], facts: Iterable[Fact]) -> list[Entry]:
    """An entry for each fact that the statements settle to."""
    by_claim = {one.statement.claim: one for one in said}
    return [_fact(fact, [by_claim[claim] for claim in fact.claims]) for fact in facts]


def _fact(fact: Fact, said: Sequence[Said]) -> Entry:
    first = min(said, key=lambda one: one.position)
    return Entry(
        date=fact.date,
        type=fact.type,
        institution=fact.institution,
        institution_name=fact.institution_name,
        party=fact.party,
        party_name=fact.party_name,
        list=fact.list,
        name=fact.party_name,
        change=fact.change,
        stance=fact.stance,
        extent=fact.extent,
        scope=fact.scope,
        reason=fact.reason,
        kind=fact.kind,
        amounts=fact.amounts,
        summary=summarise(fact),
        standing=fact.standing,
        sources=fact.sources,
        evidence=tuple(evidence_of(one) for one in said),
        fact=fact.fact,
        position=first.position,
        recorded_at=first.recorded_at,
    )


def _official(amendments: Sequence[Said], support: dict[str, list[Said]], party: str | None) -> list[Entry]:
    """One entry for each document, kind and day, however many entries of the list it touched."""
    groups: defaultdict[tuple[str, str, str], list[Said]] = defaultdict(list)
    for one in amendments:
        assert isinstance(one.statement, Amendment)
        groups[(one.document, one.statement.topic(), one.statement.effective)].append(one)
    entries = []
    for (_, topic, effective), group in groups.items():
        group.sort(key=lambda one: one.order)
        reports = {one.statement.claim: one for said in group for one in support.get(said.statement.claim, ())}
        entries.append(_amendments(topic, effective, group, list(reports.values()), party))
    return entries


def _amendments(topic: str, effective: str, group: Sequence[Said], reports: Sequence[Said], party: str | None) -> Entry:
    first = group[0]
    amendment = first.statement
    assert isinstance(amendment, Amendment)
    names = tuple(getattr(one.statement, "name", "") for one in group)
    sources = sorted(reports, key=lambda one: one.order)
    return Entry(
        date=effective,
        type=topic,
        party=party,
        list=amendment.list,
        name=amendment.name,
        listings=tuple(one.statement.claim for one in group),
        change=topic.removeprefix("entity-"),
        summary=_filed(first) + summarise_amendment(topic, amendment.list, names, amendment.destination, first.citation),
        standing="official",
        sources=1 + independent_sources(sources),
        citation=first.citation,
        published=first.published,
        reported=tuple(dict.fromkeys(d for one in sources if (d := getattr(one.statement, "date", None)))),
        evidence=tuple(evidence_of(one) for one in (*group, *sources)),
        fact=amendment.claim,
        position=first.position,
        recorded_at=first.recorded_at,
    )


def _filed(said: Said) -> str:
    return ON_FILE if said.filed else ""


_DETAILS = ("stance", "extent", "scope", "reason", "kind", "amount", "change", "date_rule", "destination", "name", "until")


def evidence_of(said: Said) -> EvidenceRow:
    """One statement as evidence; the quote is left for whoever can read the archive."""
    statement = said.statement
    fields: dict[str, Any] = msgspec.to_builtins(statement)
    if "amount" in fields:
        fields["amount"] = str(getattr(statement, "amount", None))
    stated = fields.get("effective") or fields.get("date")
    return EvidenceRow(
        claim=statement.claim,
        type=statement.topic(),
        document=said.document,
        url=said.url,
        title=said.title,
        outlet=said.outlet,
        attributed_to=statement.evidence.attributed_to,
        date=stated,
        published=said.published,
        text=statement.evidence.text,
        start=statement.evidence.start,
        end=statement.evidence.end,
        details={name: fields[name] for name in _DETAILS if fields.get(name)},
    )
