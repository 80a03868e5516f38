"""When a rule takes effect, by its DATES paragraph."""

import pytest

from tracker.readers.rule_dates import Effective, read_effective

PUBLISHED = "2031-01-09"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This rule is effective January 9, 2031.", Effective(day="2031-01-09")),
        ("This rule is effective upon publication.", Effective(day="2031-01-09")),
        ("Effective Date: January 10, 2031.", Effective(day="2031-01-10")),
        ("The effective date is: January 10, 2031.", Effective(day="2031-01-10")),
        ("This rule is effective at 4:15 p.m. Eastern Time on January 10, 2031.", Effective(day="2031-01-10")),
        ("This rule is effective at 11:15 a.m., on January 10, 2031.", Effective(day="2031-01-10")),
        ("This rule is effective [INSERT DATE OF PUBLICATION IN THE FEDERAL REGISTER].", Effective(day="2031-01-09")),
        (
            "This rule is effective from January 9, 2031, through January 8, 2032.",
            Effective(day="2031-01-09", until="2032-01-08"),
        ),
        ("Effective from January 9, 2031 until January 8, 2032.", Effective(day="2031-01-09", until="2032-01-08")),
        (
            "This rule is effective April 11, 2031, and applicable as of February 14, 2031.",
            Effective(day="2031-04-11", applicable="2031-02-14"),
        ),
        (
            "This rule is effective April 11, 2031 and is applicable beginning on February 14, 2031.",
            Effective(day="2031-04-11", applicable="2031-02-14"),
        ),
    ],
)
def test_what_is_understood(text: str, expected: Effective) -> None:
    assert read_effective(text, PUBLISHED, None) == expected


@pytest.mark.parametrize(
    "text",
    [
        "This rule is effective January 9, 2031, and applicable to shipments after that day.",
        "The effective date is delayed indefinitely.",
        "This rule is effective through January 9, 2032.",
        "This rule is effective January 9, 2031. Section 744.11 is stayed until March 1, 2031.",
        "This rule is effective January 9, 2031 and February 9, 2031.",
    ],
)
def test_what_is_not_plain_stops_the_rule(text: str) -> None:
    assert read_effective(text, PUBLISHED, None).trouble
