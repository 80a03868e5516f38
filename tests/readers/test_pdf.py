"""PDF: running text from printed lines, and what is said of files that hold none."""

import io
from pathlib import Path

import msgspec
import pypdf
import pytest

from tests.pdfs import Line, assemble, column, pdf
from tracker.config import load_config
from tracker.readers.base import Document, UnreadableError
from tracker.readers.clean import LONGEST, clean
from tracker.readers.pdf import is_pdf, pdf_text
from tracker.reading import read
from tracker.registers import Registers

DATA = Path(__file__).parents[1] / "data" / "pdf"


def text(raw: bytes) -> str:
    return pdf_text(raw, "a.pdf", LONGEST).text


def refusal(raw: bytes) -> str:
    with pytest.raises(UnreadableError) as raised:
        pdf_text(raw, "a.pdf", LONGEST)
    assert "\n" not in str(raised.value)
    return str(raised.value).removeprefix("a.pdf: ")


@pytest.mark.parametrize("path", sorted(DATA.glob("*.lines")), ids=lambda path: path.stem)
def test_printed_lines_become_running_text(path: Path) -> None:
    """A file of lines as printed (pages apart by form feeds) beside the text they make."""
    pages = [column(page) for page in path.read_text(encoding="utf-8").split("\f")]
    assert text(pdf(*pages)) == path.with_suffix(".txt").read_text(encoding="utf-8").strip()


def test_two_columns_are_read_one_after_the_other() -> None:
    left = column("The first column ends in the\nmiddle of a sentence that", x=50)
    right = column("goes on in the second one, and\nthere it comes to its end.", x=320)
    assert text(pdf([*left, *right])) == (
        "The first column ends in the middle of a sentence that goes on in the second one, and there it comes to its end."
    )


def test_what_stands_at_the_edge_of_every_page_is_dropped() -> None:
    def page(number: int) -> list[Line]:
        header, footer = Line("Office of Research, Example University", 72, 800, 8), Line(f"Page {number} of 3", 280, 30, 8)
        return [footer, header, *column(f"The text of page {number} is its own and stays,\nto the last word of it.")]

    words = text(pdf(*(page(number) for number in (1, 2, 3))))
    assert "Office" not in words
    assert "of 3" not in words
    assert words.count("to the last word of it.") == 3


def test_a_letterhead_stays_and_a_lone_page_number_goes() -> None:
    page = [Line("Example University", 72, 800), *column("Dear colleagues,\n\nWe write to you about it."), Line("- 1 -", 290, 30)]
    assert text(pdf(page)) == "Example University\n\nDear colleagues,\n\nWe write to you about it."


def test_the_largest_line_is_the_title() -> None:
    page = [
        Line("Statement on partnerships", 72, 760, 18),
        *column("We write to all of you about our partnerships with companies."),
    ]
    assert pdf_text(pdf(page, title="letter_final_v3.docx"), "a", LONGEST).title == "Statement on partnerships"
    assert pdf_text(pdf(column("All of one size."), title="letter.docx"), "a", LONGEST).title is None


def test_compressed_pages_and_ligatures() -> None:
    raw = pdf(column("The oﬃce of aﬃliations conﬁrmed the ﬂow.".replace("ﬃ", "fﬁ")), compress=True)
    assert text(raw) == "The office of affiliations confirmed the flow."


@pytest.mark.parametrize("raw", [b"%PDF-1.4\n", b"\n\n%PDF-1.4", b"\xef\xbb\xbf%PDF-2.0"])
def test_a_pdf_is_known_by_its_bytes(raw: bytes) -> None:
    assert is_pdf(raw)
    assert not is_pdf(b"<html>%PDF-1.4")


def test_one_that_opens_without_a_password_is_read_and_others_say_so() -> None:
    def encrypted(password: str, algorithm: str) -> bytes:
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(column("MIT ended its ties."))))
        writer.encrypt(password, "owner", algorithm=algorithm)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    for algorithm in ("RC4-128", "AES-256"):
        assert text(encrypted("", algorithm)) == "MIT ended its ties."
        assert refusal(encrypted("secret", algorithm)) == "the PDF is encrypted: give a copy that opens without a password"


def test_one_that_is_cut_off_anywhere_is_refused() -> None:
    whole = pdf(*[column("MIT ended its ties with Huawei.")] * 3)
    for length in range(8, len(whole) - 8, 97):
        assert refusal(whole[:length]) == "the PDF is cut off before its end: get it again"


def test_damage_in_the_middle_is_told_or_survived() -> None:
    whole = pdf(*[column("MIT ended its ties with Huawei.")] * 3)
    for at in range(9, len(whole) - 20, 61):
        damaged = whole[:at] + b"\xff\x00<<((" + whole[at + 6 :]
        try:
            assert isinstance(text(damaged), str)
        except UnreadableError as error:
            assert "\n" not in str(error)


def test_pictures_of_pages_hold_no_text() -> None:
    picture = b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
    assert refusal(assemble([picture, picture])) == "the PDF holds pictures of its 2 pages and no text: give its text"


def test_no_pages() -> None:
    assert "pages" in refusal(assemble([]))


def test_what_is_not_read_in_full_says_so() -> None:
    raw = pdf(*(column(f"The university and the company on page {number}, and so on. " * 2) for number in range(500)))
    assert len(pdf_text(raw, "a", LONGEST).text) > 40_000
    page = clean(Document(source="x", kind="article", key="a", url="a", rendition="pdf", raw=raw, published="2019-04-03"))
    assert page.checks == ()
    found = pdf_text(raw, "a", 1000)
    assert (found.pages, len(found.text)) == (500, 1000)
    assert found.read < 20


@pytest.fixture(scope="module")
def registers() -> Registers:
    return load_config(None).registers


def document(raw: bytes, published: str | None, rendition: str) -> Document:
    media_type = {"pdf": "application/pdf", "text": "text/plain"}[rendition]
    fields = {
        "source": "local",
        "kind": "article",
        "key": "k",
        "url": "https://research.example/letter",
        "media_type": media_type,
    }
    fields["language"] = "en"
    return Document(raw=raw, rendition=rendition, published=published, **fields)  # type: ignore[arg-type]


def test_a_letter_says_the_same_as_its_text(registers: Registers) -> None:
    """The statement of April 2019 that MIT takes no new engagements with Huawei and ZTE, in words of our own."""
    printed = (DATA / "letter.lines").read_text(encoding="utf-8").split("\f")
    letter = pdf(*(column(page) for page in printed), made="D:20190520101112Z")
    from_pdf = read(document(letter, "2019-04-03", "pdf"), registers)
    from_text = read(document((DATA / "letter.txt").read_bytes(), "2019-04-03", "text"), registers)
    assert from_pdf.failure is None
    assert from_pdf.reading.text == from_text.reading.text
    bare = [
        msgspec.structs.replace(one, standing="reported") for one in from_pdf.statements
    ]  # its letterhead makes them first-hand
    assert bare == list(from_text.statements)
    assert {one.standing for one in from_pdf.statements} == {"first-hand"}
    said = {(one.topic(), one.institution, one.party, one.extent) for one in from_pdf.statements}  # type: ignore[attr-defined]
    extent = ("new-engagements", "renewals")
    assert said == {("tie-ended", "mit", "huawei", extent), ("tie-ended", "mit", "zte", extent)}
    for one in from_pdf.statements:
        assert "Huawei and ZTE" in from_pdf.reading.text[one.evidence.start : one.evidence.end]


def test_the_date_of_the_file_is_told_and_not_used(registers: Registers) -> None:
    raw = pdf(column("MIT ended its ties with Huawei yesterday."), made="D:20190520101112Z")
    undated = read(document(raw, None, "pdf"), registers)
    (check,) = undated.reading.checks
    assert (check.name, check.passed) == ("publication date", False)
    assert check.found == "none; the file was made on 2019-05-20, which is not used"
    assert undated.reading.published is None
    assert undated.statements[0].date is None  # type: ignore[attr-defined]
    dated = read(document(raw, "2019-04-03", "pdf"), registers)
    assert dated.reading.checks == ()
    assert dated.statements[0].date == "2019-04-02"  # type: ignore[attr-defined]
