"""When what an article tells was done: the day of the act, not of another one, of an aside or of who only reports it."""

import pytest

from events.statements import InstitutionResponded, ListingReported, TieEnded
from tests.readers.reading import read


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        ("Yale will end its contract with Hikvision on November 1.", "2019-11-01"),
        ("Surrey University said it would no longer accept funding from Huawei from 1 July.", "2020-07-01"),
        ("Yale, which signed a deal with Hikvision in 2015, ended the partnership in 2018.", "2018"),
        ("Yale ended its contract with Hikvision on November 1.", "2018-11-01"),
        ("Yale has ended its contract with Hikvision; another grant ran out in March.", "/2019-10-09"),
        ("Yale has ended its contract with Hikvision, the BBC reported on Monday.", "/2019-10-09"),
        ("NEW HAVEN, October 8 (Reuters) - Yale ended its contract with Hikvision, it said on Monday.", "2019-10-07"),
        ("NEW HAVEN, October 8 (Reuters) - Yale has ended its contract with Hikvision.", "2019-10-08"),
        ("Yale told Reuters on Friday that it stopped taking money from Huawei in January.", "2019-01"),
        ("Yale told the Financial Times on Friday it had ended its ties with Huawei in January.", "2019-01"),
        ("Yale told Reuters Friday that it stopped taking money from Huawei in January.", "2019-01"),
        ("Yale confirmed to the Yale Daily on Monday that it had cut ties with Huawei in March.", "2019-03"),
        ("Yale told Reuters on Friday that it takes no more money from Huawei.", "2019-10-04"),
        ("Yale ended its partnership with Huawei, announced on May 3, 2017, in April 2019.", "/2019-10-09"),
        ("The partnership, launched in June 2018, between Yale and iFlytek was terminated.", "/2019-10-09"),
        ("Yale ended its contract with Hikvision on Monday of last week.", "2019-09-30"),
    ],
)
def test_date_of_an_end(sentence: str, date: str) -> None:
    assert [s.date for s in read(sentence, "en").statements if isinstance(s, TieEnded)] == [date]


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        (
            "Yale, which got $90,000 from Hikvision in 2016 for its labs, said it was reviewing its ties with the firm.",
            "2019-10-09",
        ),
        ("At Yale the laboratory with Hikvision, announced in June 2018, goes on.", "2019-10-09"),
        ("In June 2018 Yale said it was reviewing its ties with Hikvision.", "2018-06"),
    ],
)
def test_date_of_a_response(sentence: str, date: str) -> None:
    assert [s.date for s in read(sentence, "en").statements if isinstance(s, InstitutionResponded)] == [date]


def test_what_a_listed_body_was_set_up_is_not_when_it_was_listed() -> None:
    text = "Skoltech, the school set up eleven years ago with the aid of MIT, has been added to the Entity List, officials said."
    assert [s.date for s in read(text, "en").statements if isinstance(s, ListingReported)] == ["/2019-10-09"]


def test_a_quotation_goes_by_the_day_of_the_sentence_before() -> None:
    text = (
        "MIT said on Tuesday that it would review its relationship with SenseTime.\n\n"
        '"We will review all existing relationships with organizations added to the Entity List," it said.'
    )
    found = {(s.scope, s.date) for s in read(text, "en").statements if isinstance(s, InstitutionResponded)}
    assert found == {(None, "2019-10-08"), ("list:us-bis-el", "2019-10-08")}


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        ("Yale a mis fin au partenariat noué en 2012 avec Huawei.", "/2019-10-09"),
        ("Yale a rompu en mai son contrat avec Huawei, signé en 2015.", "2019-05"),
        ("Yale a annoncé en 2018 la fin de son contrat avec Huawei.", "2018"),
    ],
)
def test_the_date_of_another_act_is_not_that_of_the_end(sentence: str, date: str) -> None:
    assert [s.date for s in read(sentence, "fr").statements if isinstance(s, TieEnded)] == [date]


@pytest.mark.parametrize(
    ("text", "language", "dates"),
    [
        ("Yale rompió con ZTE. Lo anunció el lunes en una circular.", "es", ["2019-10-07"]),
        ("Yale rompe con ZTE\n\nYale cortó el jueves sus lazos con ZTE. Lo confirmó el lunes.", "es", ["2019-10-03"]),
        ("Yale brach mit ZTE. Das gab die Hochschule am Montag bekannt.", "de", ["2019-10-07"]),
        ("La Universidad de Chile suspendió el convenio que la une desde 2015 con iFlytek.", "es", ["/2019-10-09"]),
        ("El MIT ya no acepta donaciones de Huawei desde el 1 de noviembre.", "es", ["2019-11-01"]),
    ],
)
def test_date_of_an_end_told_elsewhere(text: str, language: str, dates: list[str]) -> None:
    assert [s.date for s in read(text, language).statements if isinstance(s, TieEnded)] == dates


def test_each_change_of_a_listing_has_a_date_of_its_own() -> None:
    found = read("Washington puso a ZTE en la lista de entidades en 2016 y la sacó de ella un año después.", "es").statements
    assert [(s.change, s.date) for s in found if isinstance(s, ListingReported)] == [
        ("added", "2016"),
        ("removed", "/2019-10-09"),
    ]


def test_the_offset_printed_gives_the_day_unless_a_zone_is_configured() -> None:
    text, moment = "Yale ended its contract with Hikvision yesterday.", "2021-06-15T00:30:00+02:00"
    assert [s.date for s in read(text, "en", moment).statements if isinstance(s, TieEnded)] == ["2021-06-14"]
    assert [s.date for s in read(text, "en", moment, "America/New_York").statements if isinstance(s, TieEnded)] == ["2021-06-13"]


def test_what_is_dated_apart_stays_apart() -> None:
    text = "In January 2019 Berkeley suspended new research with Huawei. In May 2019 Berkeley ended its contracts with Huawei."
    assert [s.date for s in read(text, "en").statements if isinstance(s, TieEnded)] == ["2019-01", "2019-05"]


def test_the_outlets_day_counts() -> None:
    reading = read("MIT cut ties with Huawei yesterday.", "en", "2019-10-09T02:00:00+00:00", "America/New_York")
    assert [s.date for s in reading.statements if isinstance(s, TieEnded)] == ["2019-10-07"]


def test_who_told_it_at_the_end_of_the_sentence_dates_an_end_unless_it_lies_further_back() -> None:
    told = "Intel has stopped all shipments to SMIC after a change of rules, its chief executive told analysts on Monday."
    (end,) = (each for each in read(told).statements if isinstance(each, TieEnded))
    assert end.date == "2019-10-07"
    (end,) = (each for each in read(told.replace("has stopped", "had stopped")).statements if isinstance(each, TieEnded))
    assert end.date == "/2019-10-09"


def test_what_is_weighed_now_is_not_dated_ahead() -> None:
    statements = read("Stanford is considering ending its contract with Huawei at its expiry in 2031.").statements
    assert [each.date for each in statements if isinstance(each, InstitutionResponded)] == ["2019-10-09"]
