"""Short ways through the text of cells: each gives what the long way gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.names import normalise
from tracker.readers.cell_text import is_abbreviated, unmarked
from tracker.readers.inline_text import fold
from tracker.readers.table_rows import squeezed

texts = st.text(alphabet=st.sampled_from("aZ9_ .,;'’“é\u00a0\u2003\u200b\t\n¹⁰—")) | st.text()


@given(texts)
def test_a_folded_text_has_one_blank_where_several_stand(text: str) -> None:
    assert fold(text) == " ".join(text.replace("\u200b", "").split())


@given(st.text(alphabet=st.characters(max_codepoint=127)) | texts)
def test_a_squeezed_name_is_the_normalised_one_without_blanks(name: str) -> None:
    assert squeezed(name) == normalise(name).replace(" ", "")


@pytest.mark.parametrize("word", ["Ltd.", "CO.", "S.A.", "(Pte.", "A-Co.", "Ste-Anne St.", "U.A.E."])
def test_a_full_stop_may_be_the_word_s_own(word: str) -> None:
    assert is_abbreviated(f"Acme {word}")


@pytest.mark.parametrize("word", ["Works.", "Ltd", "Ltda.", "Éco.", "5.", "_co.", "a.)."])
def test_a_full_stop_may_be_the_sentence_s(word: str) -> None:
    assert not is_abbreviated(f"Acme {word}")


def test_lines_without_marks_are_the_same_lines() -> None:
    lines = ("Acme — Café", "5 High Street")
    assert unmarked(lines) == (lines, ())
    assert unmarked(("Acme¹ ²", "Street", "Box¹²")) == (("Acme", "Street", "Box"), ("1", "2", "12"))
