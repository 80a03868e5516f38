"""Names of partners as people save them, and whom they mean."""

from pathlib import Path

import pytest

from tests.builders import added, responded
from tests.conftest import Tracker
from tests.offices import again, office, titles
from tests.test_digest import RULE, learn
from tracker.adoption import adopt
from tracker.app import App
from tracker.daily import daily
from tracker.name_lists import read_names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name\nAcme\n“Zeta”\n", ["Acme", "“Zeta”"]),
        ("id,Name\n1,Acme\n2,\n3,Zeta\n", ["Acme", "Zeta"]),
        ('name\n"Acme Co., Ltd."\n', ["Acme Co., Ltd."]),
        ("name\nAcme Co., Ltd.\nZeta,\n", ["Acme Co., Ltd.", "Zeta"]),
        ("name,country\nAcme Co., Ltd.,CN\nZeta,DE\n", ["Acme Co.", "Acme Co., Ltd.", "Zeta"]),
        ("Acme Co., Ltd.\nZeta\n", ["Acme Co.", "Acme Co., Ltd.", "Zeta"]),
        ("Acme,CN\nZeta,DE\n", ["Acme", "Zeta"]),
        ("country;name\r\nCN;Acme Co., Ltd.\r\nDE;Universität Zürich\r\n", ["Acme Co., Ltd.", "Universität Zürich"]),
        ("name\tcountry\n商汤科技\tCN\n", ["商汤科技"]),
        ("\ufeffname;country\n\n;CN\nAcme;CN\n", ["Acme"]),
        ('name\n"Acme\nGmbH"\n', ["Acme\nGmbH"]),
    ],
)
def test_names_are_read_as_spreadsheets_and_people_write_them(tmp_path: Path, text: str, expected: list[str]) -> None:
    path = tmp_path / "partners.csv"
    path.write_text(text, encoding="utf-8")
    assert read_names(path) == expected


@pytest.mark.parametrize("saved", ["华为", "HUAWEI", "Mit"])
def test_a_partner_is_known_by_any_name_of_the_registers(app: App, folder: Path, tmp_path: Path, saved: str) -> None:
    """A report prints one name and the partner is saved under another: both are the register's."""
    partners = tmp_path / "partners.csv"
    partners.write_text(f"name\n{saved}\n", encoding="utf-8")
    office(app, folder, names=(partners,))
    learn(app, "document/post/x", responded("2019-10-08", institution_name="Massachusetts Institute of Technology"))
    other = {"institution": "yale", "institution_name": "Yale", "party": "zte", "party_name": "ZTE"}
    learn(app, "document/post/y", responded("2019-10-08", **other))
    daily(app)
    assert titles(app) == {"Institutions responded": ["Huawei"]}
    assert again(app) == [True]


def test_a_digest_made_by_other_registers_differs_for_that_cause(
    app: App, folder: Path, tmp_path: Path, config_directory: Path, tracker: Tracker
) -> None:
    partners = tmp_path / "partners.csv"
    partners.write_text("name\nDrachen\nAcme\n", encoding="utf-8")
    office(app, folder, names=(partners,))
    adopt(app.config, app.ledger, app.archive, app.clock.now())
    learn(app, RULE, added("Acme"))
    learn(app, "document/post/x", responded("2019-10-08"))
    daily(app)
    assert titles(app) == {"Added to a list": ["Acme"]}
    app.close()
    (config_directory / "parties.toml").write_text('[[party]]\nid = "huawei"\nname = "Drachen"\n', encoding="utf-8")
    checked = tracker("digest", "--check")
    assert checked.exit_code == 0
    assert "office-1: text, html, json differs: the registers, which tell whom saved names mean" in checked.stdout
