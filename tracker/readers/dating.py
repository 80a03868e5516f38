"""The date of an act among the dates of its sentence, and the rule by which it is its date."""

from typing import Final

from events import edtf
from events.edtf import Interval
from tracker.readers.compiled import Compiled
from tracker.readers.credit import speakers
from tracker.readers.dates import Dated
from tracker.readers.phrases import OTHER_ACT
from tracker.readers.scene import Item, Scene

_BESIDE: Final = 6
"""How many characters may stand between a verb of saying and the day on which it was said."""
_PRENOMINAL: Final = 40
_OPENS_WITHIN: Final = 2
"""Within how many letters a date opens its sentence, and so holds for all of it."""
_TOLD_WITHIN: Final = 60
"""The same where others stand between: "said at a conference here on Monday"."""


def when(
    scene: Scene,
    published: Interval | None,
    anchor: Item,
    dates: list[Dated],
    default: str,
    words: Compiled,
    others: tuple[Item, ...] = (),
) -> tuple[str | None, str | None, bool]:
    """The nearest date of the clause; else publication, or some time up to it (`default`)."""
    conjunction = words.grammar.conjunction

    def apart(dated: Dated) -> bool:
        low, high = min(dated.end, anchor.end), max(dated.start, anchor.start)
        theirs = any(low <= other.start and other.end <= high for other in (*others, *scene.of(OTHER_ACT)))
        if (
            conjunction
            and conjunction.match(scene.folded, dated.end, anchor.start)
            and any(other.end <= dated.start for other in others)
        ):
            return True  # "received a grant in 2018 and sees no reason to stop"
        if _is_of_another_clause(dated, anchor, scene) or (default != "before" and _is_put_in(dated, anchor, scene, words)):
            return True
        if any(
            0 <= other.start - dated.end <= _PRENOMINAL and not dated.end <= anchor.start < other.start
            for other in scene.of(OTHER_ACT)
            if other.start != anchor.start
            and "," not in scene.folded[dated.end : other.start]
            and not (words.lexicon.spaced and dated.start == anchor.end + 1)  # "ended in May the contract that it had signed"
        ):
            return True  # German "den 2017 mit Huawei geschlossenen Vertrag", Chinese 2018年签订的协议
        # "Said yesterday that the laboratory, set up in 2014, went on" is of yesterday.
        theirs = theirs and not (default == "publication" and _is_told(dated, anchor, scene, words))
        # "华为被列入清单后,谷歌5月19日停止供货" does not date the listing.
        # Nor is of MIT what a clause behind tells: "麻省理工4月宣布不再与华为合作,普林斯顿今年1月也不再收钱".
        beyond = not words.lexicon.spaced and (default == "recent" or anchor.end < dated.start)
        theirs = theirs or (beyond and _is_of_an_institution(dated, anchor, scene))
        theirs = theirs or (default == "before" and _is_of_the_main_clause(dated, anchor, scene))
        # A date that opens the sentence holds for all of it.
        return theirs or (dated.start > _OPENS_WITHIN and (scene.has("break", low, high) or scene.has("clause", low, high)))

    dates = dates if default == "publication" else [dated for dated in dates if not _is_reported(dated, scene)]
    near = sorted(
        (dated for dated in dates if not apart(dated) and not _is_ahead(dated, published, default)),
        key=lambda dated: (
            _is_told(dated, anchor, scene, words),
            _is_behind_the_clause(dated, anchor, scene),
            max(dated.start - anchor.end, anchor.start - dated.end),
        ),
    )
    if near:
        return near[0].edtf, near[0].rule, True
    if published is None:
        return None, None, False
    if default == "publication" or (published.days > 1 and (default == "recent" or scene.has("recent"))):
        unit = "day" if published.days == 1 else "month" if published.days <= 31 else "year"
        if default != "before" or published.days > 1:
            return edtf.write(published), f"publication-{unit}", False
    return edtf.write(Interval(latest=published.latest)), "before-publication", False


def _is_told(dated: Dated, anchor: Item, scene: Scene, words: Compiled) -> bool:
    """Whether it is the day on which it was told: "said on Thursday it had stopped in May"."""
    behind = words.lexicon.spaced or not scene.folded.startswith(",", dated.start - 1)  # 公告,即日起: so it is said
    beside = (dated.start - say.end if behind and say.end <= dated.start else say.start - dated.end for say in scene.of("say"))
    if dated.end > anchor.start:
        return False
    if any(0 <= each <= _BESIDE for each in beside):
        return True
    # "Told Bloomberg on Friday that it had stopped in January"
    return bool(scene.of("say")) and any(0 <= dated.start - each.end <= _BESIDE for each in speakers(scene.text, words))


def _is_of_another_clause(dated: Dated, anchor: Item, scene: Scene) -> bool:
    """Whether a clause ends between: "which signed in 2015, ended it in 2020", "ended its part; the grant ran out in March"."""
    if dated.end <= anchor.start and scene.folded.startswith(",", dated.end) and scene.has("clause", 0, dated.start):
        return True
    low, high = min(dated.end, anchor.end), max(dated.start, anchor.start)
    return dated.start > _OPENS_WITHIN and ";" in scene.folded[low:high]


def _is_put_in(dated: Dated, anchor: Item, scene: Scene, words: Compiled) -> bool:
    """Whether a date tells of what stands before its commas: "which got a gift in 2016 for its labs, said", "signed in 2018,"."""
    start, end = scene.folded.rfind(", ", 0, dated.start), scene.folded.find(", ", dated.end)
    end = end if end >= 0 else len(scene.folded)
    if start < 0 or start < anchor.start < end:
        return False
    first = scene.folded[start + 1 : dated.start].split(maxsplit=1)[:1]
    if first and first[0] in words.lexicon.grammar.relatives:
        return True
    return any(start < other.start < dated.start for other in scene.of(OTHER_ACT))


def _is_behind_the_clause(dated: Dated, anchor: Item, scene: Scene) -> bool:
    """Whether a date follows the clause of the act: "where it set up a lab in 2018, said in May"."""
    return anchor.end <= dated.start and "," in scene.folded[anchor.end : dated.start]


def _is_reported(dated: Dated, scene: Scene) -> bool:
    """Whether it is the day of a report that tells what was done before: "the BBC reported on Wednesday"."""
    return any(0 <= max(each.start - dated.end, dated.start - each.end) <= 1 for each in scene.of("report"))


def _is_of_an_institution(dated: Dated, anchor: Item, scene: Scene) -> bool:
    """Whether a date stands in another clause than a listing, of which an institution is the subject."""
    low, high = min(dated.end, anchor.end), max(dated.start, anchor.start)
    if "," not in scene.folded[low:high]:
        return False
    start = max(scene.folded.rfind(mark, 0, dated.start) for mark in ",;") + 1
    return any(start <= each.start and each.end <= dated.start for each in scene.of("INSTITUTION") if not each.pointing)


def _is_of_the_main_clause(dated: Dated, anchor: Item, scene: Scene) -> bool:
    """Whether a date follows the institution that a Chinese clause before it describes: 与华为有合作的牛津大学昨日表示."""
    described = {each.end for each in scene.of("of_it")}
    subjects = (each.start for each in scene.of("INSTITUTION") if anchor.end < each.start and each.end <= dated.start)
    return any(start in described for start in subjects)


def _is_ahead(dated: Dated, published: Interval | None, default: str) -> bool:
    """Whether it lies ahead of a text that tells what somebody thinks or does now: "may leave it when it ends in 2025"."""
    return default == "publication" and published is not None and edtf.parse(dated.edtf).earliest > published.latest


def told_at_the_end(scene: Scene, anchor: Item, dates: list[Dated], default: str, words: Compiled) -> Dated | None:
    """The day on which somebody told it, where the sentence ends so: "has stopped ..., its chief told analysts on Tuesday".

    What had been done before was not done on that day, nor what only others report.
    """
    pluperfect = words.grammar.pluperfect
    if pluperfect and pluperfect.search(scene.folded, 0, anchor.start):
        return None
    for dated in dates:
        say = next((each for each in reversed(scene.of("say")) if anchor.end <= each.start and each.end <= dated.start), None)
        if default != "publication" and _is_reported(dated, scene):
            continue
        if say is None or dated.start - say.end > _TOLD_WITHIN or "," in scene.folded[say.end : dated.start]:
            continue
        if "," in scene.folded[anchor.end : say.start] and not scene.has("clause", say.end, dated.start):
            return dated
    return None
