"""What a rule does not say in the usual words is not lost: it waits by name, or the document waits as a whole."""

from html import escape

import pytest

from events.statements import EntityAdded
from tests.readers.conftest import rule
from tracker.readers.base import Reading
from tracker.readers.entity_cell import likely_name
from tracker.readers.rule import read_rule
from tracker.registers import Registers

RECORD = {"citation": "96 FR 1701", "publication_date": "2031-01-09", "effective_on": "2031-01-09"}
OWN = "96 FR [INSERT FR PAGE NUMBER], 1/9/31."
TOUCHED = "the rule touches the list, and what it changes is not understood"


def table(*entities: str, heading: str = "PERU", citation: str = OWN) -> str:
    cells = f"<ENT>For all items subject to the EAR.</ENT><ENT>Presumption of denial.</ENT><ENT>{citation}</ENT>"
    rows = "".join(f"<ROW><ENT> </ENT><ENT>{escape(entity)}</ENT>{cells}</ROW>" for entity in entities)
    return f"<GPOTABLE><ROW><ENT>{heading}</ENT></ROW>{rows}</GPOTABLE>"


def text_of(*instructions: str, body: str = "", title: str = "", summary: str = "", root: str = "RULE") -> str:
    paragraphs = "".join(f"<AMDPAR>{escape(text)}</AMDPAR>" for text in instructions)
    return (
        f"<{root}><PRTPAGE P='1701'/><SUBJECT>{title}</SUBJECT><SUM><P>{summary}</P></SUM>"
        f"<EFFDATE><P>This rule is effective January 9, 2031.</P></EFFDATE>"
        f"<REGTEXT TITLE='15' PART='744'>{paragraphs}{body}</REGTEXT>"
        f"<FRDOC>[FR Doc. 2031-00001 Filed 1-8-31; 4:15 pm]</FRDOC></{root}>"
    )


def read(registers: Registers, text: str, record: dict[str, str] | None = RECORD) -> Reading:
    return read_rule(rule(text.encode(), record), registers)


def waiting(reading: Reading) -> list[tuple[str | None, str | None, str]]:
    return [(q.destination, q.name, q.reason) for q in reading.quarantined]


def test_a_row_that_no_instruction_names_waits_by_name(registers: Registers) -> None:
    instruction = "2. Supplement No. 4 to part 744 is amended under PERU by adding an entry for “A Works”."
    reading = read(registers, text_of(instruction, body=table("A Works, Lima.", "B Data Co., Ltd., 1 Main St., Lima.")))
    assert [s.name for s in reading.statements if isinstance(s, EntityAdded)] == ["A Works"]
    assert waiting(reading) == [("PERU", "B Data Co., Ltd.", "no instruction names this row of the table")]


def test_an_instruction_that_names_no_entries_says_so(registers: Registers) -> None:
    instruction = "2. Amend supplement No. 4 to part 744 by making the changes below."
    reading = read(registers, text_of(instruction, body=table("A Works, Lima.")))
    assert not reading.statements
    assert waiting(reading) == [
        (None, None, "the instruction names no entries"),
        ("PERU", "A Works", "no instruction names this row of the table"),
    ]
    anew = read(
        registers, text_of("2. Supplement No. 4 to part 744 is amended to read as follows:", body=table("A Works, Lima."))
    )
    assert waiting(anew) == [
        ("PERU", "A Works", "the whole list is printed anew, and what changed in this row is not stated"),
    ]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Kapok Data, 1 Main St., City.", "Kapok Data"),
        ("Kapok Data Co., Ltd., 1 Main St., City.", "Kapok Data Co., Ltd."),
        ("Kapok Data, Inc., City.", "Kapok Data, Inc."),
        ("Kapok Data (a.k.a., Kapok), City.", "Kapok Data"),
        ("Kapok Data, a.k.a., Kapok; City.", "Kapok Data"),
        ("Kapok Data.", "Kapok Data"),
        ("", None),
    ],
)
def test_the_best_reading_of_a_name(line: str, name: str | None) -> None:
    assert likely_name((line,)) == name


@pytest.mark.parametrize(
    ("title", "summary", "waits"),
    [
        ("Removal of an Entity from the Entity List", "", True),
        ("Additions and Revisions to the Entity List; Correction of an Annex", "", True),
        ("Entity List: Addition of Certain Persons", "", True),
        ("Export Controls", "BIS amends the Entity List by removing one entity.", True),
        ("Export Controls", "This rule amends the EAR by adding two entities to the Entity List.", True),
        ("Clarification of a Section; Requests about the Entity List", "Its Entity List is mentioned.", False),
        ("Revisions to the Entity List Procedures", "This rule amends the Entity List procedures by adding a form.", False),
        ("Changes to License Requirements for Persons on the Entity List", "", False),
        ("Criteria That May Lead to Additions to the Entity List", "", False),
        ("Additions to the Unverified List", "It adds one person to the Unverified List, not the Entity List.", False),
        ("Additions to the UFLPA Entity List", "", False),
    ],
)
def test_a_rule_that_says_it_changes_the_list_waits(title: str, summary: str, waits: bool, registers: Registers) -> None:
    raw = text_of("1. The authority citation for part 744 is as follows:", body="<P>A.</P>", title=title, summary=summary)
    assert waiting(read(registers, raw)) == ([(None, None, TOUCHED)] if waits else [])


def test_notices_and_proposed_rules_stay_silent(registers: Registers) -> None:
    for root in ("NOTICE", "PRORULE"):
        assert not read(registers, text_of(title="Removal of an Entity from the Entity List", root=root)).quarantined


def test_plain_text_that_says_it_changes_the_list_waits(registers: Registers) -> None:
    for action, count in (("Final rule.", 1), ("Notice.", 0), ("Proposed rule.", 0)):
        text = f"ACTION: {action}\n\nSUMMARY: BIS amends the Entity List by removing one entity.\n\nAlder Optics is removed."
        reading = read_rule(rule(text.encode(), rendition="text"), registers)
        assert len(reading.quarantined) == count, action


@pytest.mark.parametrize(
    "cited",
    [
        "96 FR [INSERT FR PAGE NUMBER], 1/9/31.",
        "96 FR [INSERT FR PAGE NUMBER] 1/9/31.",
        "96 FR [INSERT FR PAGE NUMBER AND 1/9/2031].",
        "96 FR [INSERT FR PAGE NUMBER], January 9, 2031.",
        "96 FR [INSERT FR PAGE NUMBER AND Jan. 9, 2031].",
        "96 FR 1701, 1/9/31.",
        "96 FR 1701 1/9/31.",
        "96 FR 1,701, January 9, 2031.",
    ],
)
def test_the_rows_tell_the_day_of_publication(cited: str, registers: Registers) -> None:
    instruction = "2. Supplement No. 4 to part 744 is amended under PERU by adding an entry for “A Works”."
    reading = read(registers, text_of(instruction, body=table("A Works, Lima.", citation=cited)), None)
    assert (reading.published, reading.citation) == ("2031-01-09", "96 FR 1701")
    assert len(reading.statements) == 1


@pytest.mark.parametrize("cited", ["95 FR 100, January 2, 2030.", "96 FR 9, 13/45/31.", "96 FR [INSERT FR PAGE NUMBER]."])
def test_a_day_that_is_not_its_own_is_not_taken(cited: str, registers: Registers) -> None:
    assert read(registers, text_of(body=table("A Works, Lima.", citation=cited)), None).published is None


QUOTED = [
    "a. By adding the destination of “RURITANIA” under the Country column, and one Ruritanian entity, “Dogwood Shipping”.",
    "a. By adding, in alphabetical order, a heading for “Ruritania,” and, under that heading, an entry for “Dogwood Shipping.”",
    "a. By adding a heading for “RURITANIA” and, under the new heading, an entry for “Dogwood Shipping.”",
    "a. Under “RURITANIA”, by adding an entry for “Dogwood Shipping”;",
    "a. Under the destination of “RURITANIA,” by adding an entry for “Dogwood Shipping”;",
]


@pytest.mark.parametrize("instruction", QUOTED)
def test_a_destination_between_quotation_marks_is_no_entity(instruction: str, registers: Registers) -> None:
    start = "2. Supplement No. 4 to part 744 is amended:"
    body = table("Dogwood Shipping, 1 Dock, Strelsau.", heading="RURITANIA")
    reading = read(registers, text_of(start, instruction, body=body, summary="It adds one entity."))
    added = [(s.destination, s.name.rstrip(".")) for s in reading.statements if isinstance(s, EntityAdded)]
    unseen = "a field is stated as printed: the destination is not a known one: 'RURITANIA'"
    assert (added, waiting(reading)) == ([("RURITANIA", "Dogwood Shipping")], [("RURITANIA", "Dogwood Shipping", unseen)])


def test_a_destination_that_nothing_prints_makes_only_the_entity_wait(registers: Registers) -> None:
    start = "2. Supplement No. 4 to part 744 is amended:"
    text = "a. By adding the destinations of “Ruritania” and “Strelsau”, and an entry for “Dogwood Shipping”."
    reading = read(registers, text_of(start, text, body=table("Dogwood Shipping, 1 Dock.", heading="FREEDONIA")))
    assert not reading.statements
    assert {q.name for q in reading.quarantined} == {"Dogwood Shipping"}


@pytest.mark.parametrize(("printed", "heading"), [("China", "CHINA, PEOPLE'S REPUBLIC OF"), ("U.A.E.", "UNITED ARAB EMIRATES")])
def test_a_heading_in_short_is_the_known_one(printed: str, heading: str, registers: Registers) -> None:
    instruction = f"2. Supplement No. 4 to part 744 is amended under {printed} by adding an entry for “A Works”."
    reading = read(registers, text_of(instruction, body=table("A Works, 1 Main St.", heading=printed)))
    added = [(s.destination, s.name) for s in reading.statements if isinstance(s, EntityAdded)]
    assert (added, waiting(reading)) == ([(heading, "A Works")], [])
