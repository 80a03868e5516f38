"""Amending instructions: every wording below was printed in a real rule, or is one slip away from one."""

import pytest

from tests.readers.conftest import SHARED
from tracker.readers.instructions import ENTITY_LIST, Instruction, read_instructions
from tracker.readers.register_xml import Block

PLACES = ("CHINA, PEOPLE'S REPUBLIC OF", "CANADA", "RUSSIA", "UNITED ARAB EMIRATES", "SWEDEN", "MONGOLIA", "HONG KONG", "IRAN")
TEXTS = SHARED / "corpus" / "federal-register" / "instruction-texts.jsonl"


def read(*paragraphs: str, part: str | None = "744") -> list[Instruction]:
    blocks = []
    start = 0
    for text in paragraphs:
        blocks.append(Block(tag="AMDPAR", text=text, start=start, end=start + len(text), part=part))
        start += len(text) + 2
    return list(read_instructions(blocks, PLACES))


def brief(found: list[Instruction]) -> list[tuple[str, str | None, list[str]]]:
    return [(i.verb, i.destination, [name.text for name in i.names]) for i in found]


START = "2. Supplement No. 4 to part 744 is amended:"


@pytest.mark.parametrize(
    "text",
    [
        "a. Under CANADA, by adding in alphabetical order, entries for “A Inc.” and “B Ltd.”;",
        "a. Under CANADA, adding entries, in alphabetical order, for “A Inc.;” and “B Ltd.;”",
        "a. Under the Canada, by adding, in alphabetical order, entries for “A Inc.,” and “B Ltd.,” and",
        "(a) By adding under Canada, in alphabetical order, entry for “A Inc.”; and “B Ltd.”",
        "a. Under the destination of CANADA by adding entries for “A Inc.” and “B Ltd.”.",
    ],
)
def test_additions_in_many_words(text: str) -> None:
    (found,) = read(START, text)
    assert brief([found]) == [("add", "CANADA", ["A Inc.", "B Ltd."])] or found.destination == "Canada"
    assert (found.target, found.number, found.unknown, found.verb) == (ENTITY_LIST, "2", (), "add")
    assert [name.text for name in found.names] == ["A Inc.", "B Ltd."]


@pytest.mark.parametrize(
    "text",
    [
        "2. Amend the table in supplement 4 to part 744, under IRAN, by adding entries for “A” and “B”.",
        "2. The Entity List (Supplement Number 4 to 15 CFR part 744) is amended by adding under IRAN the entities “A” and “B”.",
        "2. Part 744, Supplement No. 4, is amended by adding, under the entry for IRAN, the following entries: “A” and “B”.",
        "2. Supplement No. 4 is amended by adding the country of IRAN and two Iranian entities, “A” and “B”.",
        "2. Supplement No. 4 is amended by adding an entry for IRAN, and under IRAN the Iranian persons “A” and “B”.",
        "2. Supplement No. 4 is amended by adding under IRAN entries for ``A'' and ``B''.",
        "2. Supplement No. 4 is amended by adding under IRAN entries for ‘‘A’’ and ‘‘B’’.",
    ],
)
def test_less_usual_words_say_the_same(text: str) -> None:
    (found,) = read(text)
    assert (found.target, found.unknown) == (ENTITY_LIST, ())
    assert brief([found]) == [("add", "IRAN", ["A", "B"])]


def test_a_revision_may_name_what_it_revises() -> None:
    (found,) = read(
        START, "a. Under IRAN, revising the License Requirement and License Review Policy columns of the entry for “A”."
    )
    assert (brief([found]), found.unknown) == ([("revise", "IRAN", ["A"])], ())
    for word in ("modifying", "correcting", "amending"):
        (found,) = read(START, f"a. Under IRAN, by {word} the address of the entry for “A”.")
        assert (brief([found]), found.unknown) == ([("revise", "IRAN", ["A"])], ())
    (alias,) = read(START, "a. Under IRAN, removing the alias “A”.")
    assert alias.unknown == ("alias",)


@pytest.mark.parametrize(
    "text",
    [
        "a. In the entry for “C” under IRAN, by removing “x” and adding “y” in its place.",
        "a. Under IRAN, removing “x” and adding in its place “y” in the entry for “C”.",
        "a. Under IRAN, in the entry for “C”, by adding “x”.",
    ],
)
def test_words_within_an_entry_are_no_entries(text: str) -> None:
    found = read(START, text)
    assert [(i.verb, i.within) for i in found if i.names[0].text in {"x", "y"}] == [(i.verb, True) for i in found if i.word][:2]
    (one, other) = read(START, "a. Under IRAN, removing the entry for “A” and adding an entry for “B” in its place.")
    assert (one.within, other.within) == (False, False)


def test_entries_beside_an_introduction_or_a_footnote_are_seen() -> None:
    (found,) = read(START, "a. Under IRAN, revising the introductory text and the entry for “A”.")
    assert (found.scope, brief([found])) == ("entries", [("revise", "IRAN", ["A"])])
    (note,) = read(START, "a. Adding footnote 6 following footnote 5 at the end of the table.")
    assert (note.scope, note.names) == ("introduction", ())
    (marked,) = read(START, "a. Under IRAN, removing footnote 3 from the entry for “A”.")
    assert (marked.scope, "footnote 3" in marked.unknown) == ("entries", True)


def test_one_paragraph_may_say_all() -> None:
    text = "2. Supplement no. 4 to part 744 is amended under CHINA, PEOPLE’S REPUBLIC OF by adding an entry for “A”"
    (found,) = read(f"{text} to read as follows:")
    assert (found.verb, found.destination, found.target) == ("add", "CHINA, PEOPLE’S REPUBLIC OF", ENTITY_LIST)


def test_a_new_heading_is_the_destination() -> None:
    assert brief(read(START, "b. By adding in alphabetical order a heading for MONGOLIA and an entry for “A XXK”.")) == [
        ("add", "MONGOLIA", ["A XXK"])
    ]
    text = "a. By adding in alphabetical order the destination of Mongolia under the Country column and one entity;"
    (counted,) = read(START, text)
    assert (counted.verb, counted.destination, counted.count, counted.names) == ("add", "Mongolia", 1, ())


def test_entries_may_only_be_counted() -> None:
    (found,) = read(START, "(c) By revising under Iran, in alphabetical order, twenty-two Iranian persons;")
    assert (found.verb, found.count, found.unknown) == ("revise", 22, ())


def test_roman_paragraphs_stand_below_letters_and_the_letter_i_does_not() -> None:
    found = read(
        START,
        "h. Under SWEDEN, removing the entry for “S”; and",
        "i. Under UNITED ARAB EMIRATES,",
        "i. Adding entries for “A;” “B;”",
        "ii. Removing the entry for “S;” and",
        "iii. Adding an entry for “C.”",
    )
    assert brief(found) == [
        ("remove", "SWEDEN", ["S"]),
        ("add", "UNITED ARAB EMIRATES", ["A", "B"]),
        ("remove", "UNITED ARAB EMIRATES", ["S"]),
        ("add", "UNITED ARAB EMIRATES", ["C."]),
    ]


def test_a_rename_keeps_both_names() -> None:
    (found,) = read(START, "a. By revising under Iran, the entry for “Old” to read “New”;")
    assert (found.verb, found.names[0].text, found.new_name) == ("revise", "Old", "New")


def test_quotation_marks_may_be_nested_or_lost() -> None:
    (nested,) = read(START, "a. Under RUSSIA, by adding entries for “AO “Zavtra””; and “The “N” Works Ltd.”")
    assert [(n.text, n.broken) for n in nested.names] == [("AO “Zavtra”", False), ("The “N” Works Ltd.", False)]
    (opened,) = read(START, "a. Under RUSSIA, by adding entries for “A;” B Co., Ltd.;” “C;” and D”.")
    assert [(n.text, n.broken) for n in opened.names] == [("A", False), ("B Co., Ltd.", True), ("C", False), ("D", True)]
    (closed,) = read(START, "a. Under RUSSIA, by adding entries for Sunrise “Technology Co.; “B” and “C")
    assert [(n.text, n.broken) for n in closed.names] == [("Sunrise Technology Co.", True), ("B", False), ("C", True)]


def test_spans_point_at_the_names() -> None:
    text = "a. Under CANADA, by adding an entry for “A Inc.”"
    (found,) = read(START, text)
    name = found.names[0]
    assert f"{START}\n\n{text}"[name.start : name.end] == "“A Inc.”"


@pytest.mark.parametrize(
    ("text", "verb", "word"),
    [
        ("a. Under IRAN, in alphabetical order, entries for “A” and “B”;", "other", ""),
        ("On page 12, in the table, under IRAN, in the entry for “A”, “x” should read “y”.", "other", "should read"),
        ("a. Under IRAN, by redesignating the entry for “A”", "other", "redesignating"),
    ],
)
def test_other_verbs_are_seen_and_not_guessed(text: str, verb: str, word: str) -> None:
    (found,) = read(START, text)
    assert (found.verb, found.word, found.names[0].text) == (verb, word, "A")


def test_a_suspension_has_a_term() -> None:
    (found,) = read(START, "a. Under IRAN, by suspending, from May 1, 2031 through May 2, 2032, the entry for “A”;")
    assert (found.verb, found.names[0].text, found.unknown) == ("suspend", "A", ())
    assert (found.effective, found.until) == ("2031-05-01", "2032-05-02")


def test_unknown_words_are_kept() -> None:
    (found,) = read(START, "a. Under IRAN, by adding provisionally an entry for “A”")
    assert found.unknown == ("provisionally",)
    (lost,) = read(START, "a. Under IRAN, by improving something.")
    assert lost.scope == "unknown"


def test_headings_introductions_and_the_whole_supplement() -> None:
    text = "b. By removing the heading HONG KONG under the Country column and all the entries under that heading."
    found = read(START, text)
    assert [(i.verb, i.scope, i.destination) for i in found] == [("remove", "heading", "HONG KONG")]
    (introduction,) = read("4. Supplement no. 4 to part 744 is amended by revising the introductory text to read as follows:")
    (whole,) = read("4. Supplement no. 4 to part 744 is revised to read as follows:")
    assert (introduction.scope, whole.scope) == ("introduction", "whole")


def test_other_supplements_and_parts_are_kept_apart() -> None:
    found = read(
        START,
        "a. Under IRAN, by adding an entry for “A”.",
        "3. Supplement No. 7 to part 744 is amended:",
        "a. Under IRAN, by adding an entry for “B”.",
        "4. Section 744.11 is amended by revising paragraph (a).",
    )
    assert [i.target for i in found] == [(4, "744"), (7, "744"), None]
    (unnamed,) = read("2. Supplement no. 4 is amended by:", "a. Under IRAN, adding an entry for “A”.", part="746")
    assert unnamed.target == (4, "746")


def test_an_instruction_may_have_its_own_day() -> None:
    text = "3. Effective March 3, 2031, supplement No. 4 to part 744 is further amended:"
    (found,) = read(text, "a. Under IRAN, by adding an entry for “A”.")
    assert (found.number, found.effective, found.batch) == ("3", "2031-03-03", 1)


@pytest.mark.skipif(not TEXTS.exists(), reason="the corpus of genuine instructions is not beside the project")
@pytest.mark.parametrize(("number", "added", "broken"), [("2024-10485", 37, 0), ("2025-05427", 1, 0), ("2024-13148", 13, 1)])
def test_genuine_instructions(number: str, added: int, broken: int) -> None:
    import json

    lines = (json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines())
    texts = [line["text"] for line in lines if line["document_number"] == number]
    amending = [text[0].isdigit() and "supplement no. 4" in text.lower() and "amend" in text.lower() for text in texts]
    first = amending.index(True)
    found = [i for i in read(*texts[first : first + 9]) if i.target == ENTITY_LIST]
    names = [name for i in found if i.verb == "add" for name in i.names]
    assert (len(names), sum(name.broken for name in names)) == (added, broken)
