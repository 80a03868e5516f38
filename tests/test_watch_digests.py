"""What the digests of a watch hold; past ones computed again are the same."""

from pathlib import Path

from events.operations import DigestIssued, SourceFailed
from projections.told import last_digests
from tests.builders import NOW, added, ended, responded
from tests.conftest import HandClock, Tracker
from tests.offices import again, model, office, titles
from tests.test_digest import DAY, RULE, issued, learn
from tracker import watching
from tracker.app import App
from tracker.daily import daily
from tracker.watching import WatchOrder


def test_a_day_without_news_is_told_where_that_is_wanted(app: App, folder: Path, clock: HandClock) -> None:
    office(app, folder, empty="told", at="08:00", dates="fr")
    for day in range(1, 4):
        clock.at = NOW + day * DAY
        daily(app)
        daily(app)
    assert [one.changes for one in issued(app)] == [0, 0, 0]
    text = app.archive.get(issued(app)[0].text).decode()
    assert text.startswith("office: nothing changed to 10 oct. 2019 (digest 1)")
    assert "Nothing changed." in text


def test_what_takes_effect_soon_is_previewed_until_it_is_news(app: App, folder: Path, clock: HandClock) -> None:
    office(app, folder)
    learn(app, RULE, added("Soon", "2019-10-12"), added("Late", "2019-11-20"))
    daily(app)
    assert titles(app) == {"Announced": ["Soon", "Late"]}
    assert model(app)["coming"] == [], "what is news is not previewed besides"
    clock.at = NOW + DAY
    learn(app, "document/post/x", ended("2019-10-01"))
    daily(app)
    assert [item["change"]["name"] for item in model(app, 2)["coming"]] == ["Soon"]
    assert issued(app)[1].changes == 1, "a preview is no news"
    clock.at = NOW + 4 * DAY
    daily(app)
    assert titles(app, 3) == {"Took effect": ["Soon"]}
    assert model(app, 3)["coming"] == []


def test_independent_sources_are_counted(app: App, folder: Path) -> None:
    office(app, folder)
    for outlet in ("post", "review"):
        learn(app, f"document/{outlet}/x", responded("2019-10-08"))
    daily(app)
    (item,) = model(app)["groups"][0]["items"]
    assert item["sources"] == 2
    assert "(2 independent sources)" in app.archive.get(issued(app)[0].text).decode()


def test_a_retraction_names_who_had_said_so(app: App, folder: Path, clock: HandClock) -> None:
    """Else nobody could look up what the article says now."""
    office(app, folder)
    learn(app, "document/post/x", ended("2019-10-01"))
    learn(app, RULE, added("Acme", "2019-10-01"))
    daily(app)
    clock.at = NOW + DAY
    learn(app, "document/post/x", version=2)
    learn(app, RULE, added("Apex", "2019-10-01"), version=2)
    daily(app)
    gone = [item for item in model(app, 2)["groups"][0]["items"] if item["cause"] == "withdrawn"]
    assert [[one["document"] for one in item["evidence"]] for item in gone] == [["document/post/x"], [RULE]]
    assert [item["sources"] for item in gone] == [0, 0], "they do not count any more"
    assert "what it rested on is named with it post: https://post.example/x" in " ".join(
        app.archive.get(issued(app)[1].text).decode().split()
    )
    assert again(app) == [True, True]


def test_operators_are_told_which_sources_fail(app: App, folder: Path) -> None:
    office(app, folder, operators=True, parties=("zte",))
    app.ledger.append("source/post", lambda _: [SourceFailed(source="post", error="answered 503")], app.clock.now())
    learn(app, RULE, added("Acme"))
    daily(app)
    assert titles(app) == {"Sources failing or silent": ["post"]}


def test_many_old_documents_taken_in_late_are_one_line(app: App, folder: Path) -> None:
    office(app, folder)
    old = [added(f"N{n}", "2005-01-02") for n in range(50)]
    learn(app, "document/federal-register/05-1", *old, published="2005-01-01")
    learn(app, RULE, added("Acme"))
    daily(app)
    found = titles(app)
    assert found.pop("Added to a list") == ["Acme"]
    assert [len(names) for names in found.values()] == [1]
    text = app.archive.get(issued(app)[0].text).decode()
    assert "and 49 more from documents of long before this watch began" in " ".join(text.split())


def test_more_of_a_kind_than_settings_allow_is_one_line(app: App, folder: Path, config_directory: Path) -> None:
    (config_directory / "tracker.toml").write_text("[digest]\nmost = 3\n", encoding="utf-8")
    office(app, folder)
    for n in range(5):
        learn(app, f"document/post/{n}", ended("2019-10-01", institution=f"i{n}", institution_name=f"I{n}"))
    daily(app)
    (group,) = model(app)["groups"]
    assert len(group["items"]) == 4
    assert "and 1 more of this kind" in group["items"][-1]["change"]["summary"]
    assert len(issued(app)[0].facts) == 3, "what stands in one line was not told one by one"
    assert again(app) == [True]


# Computed again


def test_past_digests_computed_again_are_the_same_whatever_came_later(app: App, folder: Path, clock: HandClock) -> None:
    office(app, folder)
    learn(app, RULE, added("Acme", "2019-10-11"))
    learn(app, "document/post/x", ended("2019"))
    daily(app)
    clock.at = NOW + DAY
    learn(app, "document/review/y", ended("2019-04-03"), published="2019-10-10")
    daily(app)
    watching.change(app, "office", {"parties": ("zte",)})
    clock.at = NOW + 2 * DAY
    learn(app, RULE, added("Apex", "2019-10-12"), version=2)
    daily(app)
    assert again(app) == [True, True, True]


def test_a_digest_that_differs_is_told_with_its_lines(app: App, folder: Path, tracker: Tracker) -> None:
    office(app, folder)
    learn(app, RULE, added("Acme"))
    daily(app)
    (sent,) = issued(app)
    false = {
        name: app.archive.put(app.archive.get(getattr(sent, name)).replace(b"Acme", b"Apex")) for name in ("text", "html", "json")
    }
    fields = {name: getattr(sent, name) for name in sent.__struct_fields__}
    for number, renderer in ((2, sent.renderer), (3, 1)):
        event = DigestIssued(**{**fields, **false, "number": number, "renderer": renderer})
        app.ledger.append("digest/office", lambda _, event=event: [event], app.clock.now())  # type: ignore[misc]
    retold = DigestIssued(**{**fields, "text": false["text"]})
    app.ledger.append("digest/office", lambda _: [retold], app.clock.now())
    app.close()
    same = tracker("digest", "office", "--number", 1, "--check")
    assert same.exit_code == 0
    assert same.stdout.startswith("office-1: the same, byte for byte\n")
    checked = tracker("digest", "--check")
    assert checked.exit_code == 1
    assert "office-2: text, html, json differs: no cause is known" in checked.stdout
    assert "+ 2019-10-09  Acme" in checked.stdout
    assert "- 2019-10-09  Apex" in checked.stdout
    assert "office-3: text, html, json differs: made by version 1 of the composing" in checked.stdout
    assert "office-1: text differs: the same content written otherwise" in checked.stdout
    assert "digest office-2 differs when computed again" in tracker("verify").stdout


def test_equal_watches_are_told_the_same_content(app: App, folder: Path) -> None:
    for name in ("a", "b", "c"):
        parties = ("huawei",) if name != "c" else ("zte",)
        watching.add(app, WatchOrder(watch=name, channels=(f"file:{folder}",), parties=parties))
    learn(app, "document/post/x", ended("2019-10-01"), ended("2019-10-01", party="zte", party_name="ZTE"))
    assert daily(app).digests == ("a-1", "b-1", "c-1")
    a, b, c = (issued(app, name)[0].content for name in "abc")
    assert a == b != c
    with app.views.store.reading() as database:
        assert set(last_digests(database)) == {"a", "b", "c"}
