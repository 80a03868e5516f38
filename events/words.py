"""Words for people: one sentence for each kind of thing that can happen, used wherever one is shown."""

from events import edtf
from events.facts import Fact
from events.operations import SourceChanged, SourceFailed, SourceShrunk, SourceSilent
from events.periods import Period

_EXTENT = {
    "all": "ended working ties with",
    "new-engagements": "takes no new engagements with",
    "renewals": "renews nothing with",
    "funding": "takes no more funding from",
    "partial": "ended part of its ties with",
    "suspended": "suspended its ties with",
    "unknown": "cut its ties, to an unknown extent, with",
}
_STANCE = {
    "reviewing": "is reviewing its relations with",
    "considering": "is considering its relations with",
    "restricting": "restricts dealings with",
    "continuing": "continues to work with",
    "resuming": "resumes work with",
    "denying": "denies reports about",
    "commenting": "commented on",
}
_TIE = {
    "funding": "{party} funds work at {institution}",
    "membership": "{party} is a member at {institution}",
    "laboratory": "{party} and {institution} run a joint laboratory",
    "chair": "{party} endowed a chair at {institution}",
    "employment": "{party} and {institution} share employees",
    "degree": "{party} and {institution} run a degree programme",
    "agreement": "{party} and {institution} have an agreement",
    "other": "{party} and {institution} are tied",
}
_LISTS = {
    "us-bis-el": "the Entity List",
    "us-bis-uvl": "the Unverified List",
    "us-bis-meu": "the Military End-User List",
    "us-bis-dpl": "the Denied Persons List",
    "us-dod-1260h": "the Chinese Military Companies List",
    "us-ofac-sdn": "the Specially Designated Nationals and Blocked Persons List",
    "us-ofac-ssi": "the Sectoral Sanctions Identifications List",
    "us-ofac-fse": "the Foreign Sanctions Evaders List",
    "us-ofac-plc": "the Non-SDN Palestinian Legislative Council List",
    "us-ofac-capta": (
        "the List of Foreign Financial Institutions Subject to Correspondent Account or Payable-Through Account Sanctions"
    ),
    "us-ofac-mbs": "the Non-SDN Menu-Based Sanctions List",
    "us-ofac-cmic": "the Non-SDN Chinese Military-Industrial Complex Companies List",
    "us-state-dtc": "the AECA Debarred List",
    "us-state-isn": "the Nonproliferation Sanctions List",
}
"""The lists by the names that `lists.toml` gives them."""


def list_name(list_id: str | None) -> str:
    """How a list is called in a sentence."""
    return _LISTS.get(list_id or "", f"the list {list_id}")


def summarise(fact: Fact) -> str:
    """One sentence about a reported fact, without its date."""
    institution = fact.institution_name or fact.institution or "An institution"
    party = fact.party_name or fact.party or "a party"
    because = f" (reason given: {fact.reason})" if fact.reason else ""
    match fact.type:
        case "listing-reported":
            to = {"added": "added to", "removed": "removed from", "revised": "revised on"}
            return f"{party} reported {to.get(fact.change or '', 'changed on')} {list_name(fact.list)}"
        case "institution-responded":
            against = party if fact.party_name else f"all organisations on {list_name((fact.scope or '').removeprefix('list:'))}"
            return f"{institution} {_STANCE.get(fact.stance or '', 'responded about')} {against}{because}"
        case "entity-responded":
            return f"{party} {'denied the reports' if fact.stance == 'denying' else 'commented'}"
        case "tie-reported":
            amounts = f": {'; '.join(fact.amounts)}" if fact.amounts else ""
            about = f" ({fact.scope})" if fact.scope else ""
            return _TIE.get(fact.kind or "other", _TIE["other"]).format(party=party, institution=institution) + about + amounts
        case "tie-ended":
            return f"{institution} {_ended(fact.extent)} {party}{because}"
    return f"{institution}: {fact.type} {party}"


def _ended(extent: tuple[str, ...]) -> str:
    """What was cut, in one verb phrase that ends where the party follows."""
    cuts = [_EXTENT.get(one, one) for one in extent]
    *first, last = cuts
    # "takes no new engagements with" + "renews nothing with": the preposition stands once, at the end.
    return " and ".join([*(cut.removesuffix(" with") if last.endswith(" with") else f"{cut} it" for cut in first), last])


ON_FILE = "on file, to be published: "
"""How a line begins that tells of a filing for public inspection."""
_AMENDED = {
    "entity-added": "added to",
    "entity-removed": "removed from",
    "entity-revised": "revised on",
    "entity-suspended": "suspended from",
    "entity-reinstated": "back on",
    "entity-expired": "no longer on",
    "entity-corrected": "corrected on",
    "entity-found": "found on",
}


def summarise_amendment(change: str, list_id: str, names: tuple[str, ...], destination: str, citation: str | None) -> str:
    """One sentence about an official amendment of one or several entries."""
    to = _AMENDED[change]
    where = f" ({say_destination(destination)})" if destination else ""
    others = f" and {len(names) - 1} more" if len(names) > 1 else where
    by = f" by {citation}" if citation else ""
    return f"{names[0]}{others} {to} {list_name(list_id)}{by}"


def say_destination(heading: str) -> str:
    """A destination in running text: `CHINA, PEOPLE'S REPUBLIC OF` -> `China, People's Republic of`; codes stay."""
    if all(len(part) == 2 for part in heading.split(", ")):
        return heading
    words = heading.title().replace("'S", "'s").replace("’S", "’s").split(" ")
    return " ".join(word.lower() if n and word in {"Of", "And", "The"} else word for n, word in enumerate(words))


FIELDS = ("name", "destination", "aliases", "addresses", "license_requirement", "review_policy", "footnotes")


def differing(before: Period, after: Period) -> tuple[str, ...]:
    """The fields in which two periods of an entry differ."""
    return tuple(field for field in FIELDS if getattr(before, field) != getattr(after, field))


def say_date(date: str) -> str:
    """An EDTF date in words that read well in a line."""
    if "/" not in date:
        return date
    interval = edtf.parse(date)
    if date.startswith(("/", "..")):
        return f"by {interval.latest.isoformat()}"
    if date.endswith(("/", "..")):
        return f"since {interval.earliest.isoformat()}"
    return f"{interval.earliest.isoformat()} to {interval.latest.isoformat()}"


def source_trouble(event: SourceFailed | SourceShrunk | SourceChanged | SourceSilent) -> str:
    """What is the matter with a source, in one line."""
    match event:
        case SourceFailed():
            return f"{event.source} fails: {event.error}"
        case SourceShrunk():
            return f"{event.source} has shrunk: {event.words}"
        case SourceChanged():
            return f"{event.source} has changed its shape: {event.words}"
        case SourceSilent():
            return f"{event.source} has fallen silent: nothing new since {event.last:%Y-%m-%d}"
