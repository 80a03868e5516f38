"""The plain text of a rule, laid out as the Government Publishing Office does, and as it is filed before that."""

import html
import re
import textwrap
from datetime import date
from xml.etree import ElementTree as ET

from tracker.demo.content import Rule

# Which issue of the year's volume a day is; a new rule needs its day here.
ISSUE_NUMBERS = {"2019-05-21": 98, "2019-05-22": 99, "2019-10-09": 196}
BLOCKS = {"P", "HD", "AMDPAR", "AGENCY", "SUBAGY", "CFR", "SUBJECT", "NAME", "TITLE", "FRDOC", "BILCOD"}
CENTRED = {"HD", "SUBJECT", "AGENCY", "SUBAGY"}
WIDTH = 71
PAGE_MARK = re.compile(r"\[\[Page \d+\]\] ?")
UNBROKEN = "\xa0"  # keeps a page mark on one line
TYPEWRITER = str.maketrans({"“": "``", "”": "''", "—": "--", "§": "Sec.", UNBROKEN: " "})


def plain_text(rule: Rule) -> bytes:
    """The text rendition: a page of HTML with one block of preformatted text."""
    root = ET.fromstring(rule.xml)  # noqa: S314 - bytes of our own package
    lines = [*_masthead(rule), *_blocks(root)]
    text = "\n".join(lines).translate(TYPEWRITER).replace("Sec.Sec.", "Sec. Sec.")
    return f"<html>\n<body><pre>\n{html.escape(text, quote=False)}\n</pre></body>\n</html>\n".encode()


def filed_text(rule: Rule) -> bytes:
    """The text on file for public inspection: what is not known yet, the pages, is left open in it."""
    root = ET.fromstring(rule.xml)  # noqa: S314 - bytes of our own package
    day = date.fromisoformat(rule.record["publication_date"])
    banner = f"""This document is scheduled to be published in the
Federal Register on {day:%m/%d/%Y} and available online at
https://federalregister.gov/d/{rule.number}, and on govinfo.gov
"""
    volume = rule.record["volume"]
    text = PAGE_MARK.sub("", "\n".join(_blocks(root)).translate(TYPEWRITER)).replace("Sec.Sec.", "Sec. Sec.")
    own_page = re.compile(rf"\b{volume} FR \d+, {day.month}/{day.day}/{day:%y}")
    cited = f"{volume} FR [INSERT FR PAGE NUMBER], {day.month}/{day.day}/{day:%y}"
    return f"{banner}\n{own_page.sub(cited, text)}\n".encode()


def _masthead(rule: Rule) -> list[str]:
    record = rule.record
    day = date.fromisoformat(record["publication_date"])
    printed = f"{day:%A, %B} {day.day}, {day.year}"
    number = ISSUE_NUMBERS[record["publication_date"]]
    return [
        f"[Federal Register Volume {record['volume']}, Number {number} ({printed})]",
        "[Rules and Regulations]",
        f"[Pages {record['start_page']}-{record['end_page']}]",
        "From the Federal Register Online via the Government Publishing Office [www.gpo.gov]",
        f"[FR Doc No: {rule.number}]",
        "",
        "=" * 72,
        "",
    ]


def _blocks(root: ET.Element) -> list[str]:
    lines: list[str] = []
    for element in root.iter():
        if element.tag in BLOCKS:
            lines += [*_wrapped(_words(element), element.tag), ""]
        elif element.tag == "ROW":
            lines += _row(element)
    return lines


def _words(element: ET.Element) -> str:
    """All text of an element on one line; page breaks are marked as the office marks them."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == "PRTPAGE":
            parts.append(f"[[Page{UNBROKEN}{child.get('P')}]] ")
        elif child.tag == "SU":
            parts[-1] = parts[-1].rstrip()
        parts += [_words(child), (child.tail or "").lstrip("\n")]
    text = re.sub(r"[ \n]+", " ", "".join(parts)).strip()
    return re.sub(r" (?=[.,;)])", "", text)


def _wrapped(text: str, tag: str) -> list[str]:
    if tag in CENTRED:
        return [line.center(WIDTH).rstrip() for line in textwrap.wrap(text, WIDTH)]
    indent = "    " if tag in {"P", "AMDPAR"} else ""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, break_long_words=False)


def _row(row: ET.Element) -> list[str]:
    """A row of a table: its cells one under the other, rows of asterisks as one line."""
    cells = [text for text in (_words(cell) for cell in row.iter("ENT")) if text]
    if not cells:
        return []
    if all(set(cell) <= {"*", " "} for cell in cells):
        return ["                              * * * * *", ""]
    lines: list[str] = []
    for cell in cells:
        lines += textwrap.wrap(cell, WIDTH, subsequent_indent="  ", break_long_words=False)
    return [*lines, "-" * WIDTH]
