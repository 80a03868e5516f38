"""Reads an article of the news: the path is clean text -> sentences -> scenes -> frames -> statements.

Each sentence is annotated with names and families of words (`mentions`), triggers are fitted
(`frames`), and what fits becomes statements with a date and whom the passage credits. Like
statements of one text become one, with the best evidence; a text in a language without a lexicon
gives no statements and a check that says so.
"""

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from events.base import Evidence
from events.documents import Check
from events.edtf import Interval
from events.statements import Statement, TieReported
from tracker.readers.base import Document, Reading
from tracker.readers.clean import clean
from tracker.readers.compiled import Compiled, compiled
from tracker.readers.credit import Credit
from tracker.readers.dates import dateline, publication
from tracker.readers.denied import denied, deniers, reported, undone
from tracker.readers.drafts import drafts_of
from tracker.readers.first_hand import first_hand
from tracker.readers.frame import Frame
from tracker.readers.frames import find_frames
from tracker.readers.gazetteer import Gazetteer, Kind, gazetteer
from tracker.readers.introduced import introduced
from tracker.readers.issuer import issuer_of
from tracker.readers.languages import language_of
from tracker.readers.late_dates import late_date, quoted_date
from tracker.readers.left_out import Heading
from tracker.readers.lexicon import Lexicon
from tracker.readers.mentions import annotate
from tracker.readers.merging import key_of, merge
from tracker.readers.notices import is_heading, notice_of
from tracker.readers.passage import Draft, Passage
from tracker.readers.put_in import without_what_is_put_in
from tracker.readers.said_days import date_by_saying
from tracker.readers.scene import Actor, Memory, Scene, actor_of
from tracker.readers.sentences import Sentence, sentences
from tracker.readers.short_names import short_names
from tracker.readers.signs import Told
from tracker.readers.stems import stems
from tracker.readers.trusting import trusted
from tracker.readers.weighed import Weigh, weighed_drafts
from tracker.readers.weights import Weights
from tracker.registers import Registers

READER: Final = "article"
VERSION: Final = 16
_DATELINE_WITHIN: Final = 400
_THIN: Final = re.compile(r"(?<=[\u2e80-\u9fff]) (?=[A-Za-z0-9])|(?<=[A-Za-z0-9]) (?=[\u2e80-\u9fff])")
"""A blank between letters of two scripts, which is only for the eye: 被 Figma 封了."""
_OPENING: Final = 4
"""How many sentences tell what an article is about, with its headline."""


def read_article(document: Document, registers: Registers, weigh: Weigh = weighed_drafts) -> Reading:
    """Reads one version of an article; raises UnreadableError where there is no text in it."""
    page = clean(document, tuple(lexicon.furniture for lexicon in registers.lexicons.values()))
    language = language_of(page.language or document.language, page.text, registers.lexicons)
    lexicon = registers.lexicons.get(language or "")
    published = _published(page.published, document)
    statements: tuple[Statement, ...] = ()
    checks = page.checks
    if lexicon is None:
        known = ", ".join(sorted(registers.lexicons)) or "none"
        checks = (*checks, Check(name="language with a lexicon", expected=known, found=language or "unknown"))
    else:
        own = issuer_of((document.outlet, page.title), page.text, lexicon, registers)
        told = read_text(page.text, lexicon, registers, published, own, weigh=weigh)
        statements = first_hand(told, document, page.text, registers)
    return Reading(
        reader=READER,
        reader_version=VERSION,
        text=page.text,
        statements=statements,
        checks=checks,
        title=page.title,
        published=page.published,
        language=language,
    )


def read_text(
    text: str,
    lexicon: Lexicon,
    registers: Registers,
    published: Interval | None,
    own: Actor | None = None,
    *,
    silent: Iterable[str] = (),
    weigh: Weigh = weighed_drafts,
) -> tuple[Statement, ...]:
    """Reads a clean text: its statements in order of place, with evidence that points into the text.

    `own` is the institution whose own statement the text is, if it is one: "we" is that institution then.
    The blockers in `silent` block nothing; `weigh` decides on what signs tell, where weights are at hand.
    """
    words = msgspec.structs.replace(compiled(lexicon), silent=frozenset(silent))
    names = gazetteer(registers, lexicon.language)
    if words.not_news and words.not_news.search(text):
        return ()
    published = dateline([words.fold(line) for line in text[:_DATELINE_WITHIN].split("\n")], lexicon.dates, published)
    memory = Memory(
        own=own,
        institutions=(own,) if own else (),
        short=short_names(text, names.short),
        stems=stems(text, words, names),
        introduced=introduced(text, words, names),
    )
    found = sentences(text, lexicon.abbreviations, words.ordinal)
    memory.topic = _topic(found, words, names)
    about = _named("INSTITUTION", found[:1], words, names)
    memory.headline, memory.about = about, about if len(about) == 1 else ()
    reader = _Text(words, names, published, memory, Credit(), weigh, registers.weights.get(lexicon.language))
    for place, sentence in enumerate(found):
        reader.read(place, sentence)
    date_by_saying(reader.drafts, reader.saying, words)
    return merge(reader.standing())


class _Text(msgspec.Struct):
    """A text that is being read: what is in mind, what was found, and what the text itself says was wrong."""

    words: Compiled
    names: Gazetteer
    published: Interval | None
    memory: Memory
    credit: Credit
    weigh: Weigh
    weights: Weights | None = None
    last: Scene | None = None
    drafts: list[Draft] = []
    wrong: set[tuple[str, ...]] = set()
    notices: set[int] = set()
    """The places of sentences that are part of a correction notice."""
    notice_line: int = -1
    headed: int = -1
    """The line whose last sentence only heads a notice."""
    denials: dict[str, int] = {}
    """Who denies a report, and in which sentence."""
    heading: Heading = msgspec.field(default_factory=Heading)
    topics: set[str] = set()
    """What has been told so far, by type."""
    saying: list[Passage] = []
    """The sentences in which somebody says something."""

    def read(self, place: int, sentence: Sentence) -> None:
        """Reads the next sentence."""
        notice = notice_of(sentence, self.words, begun=sentence.line == self.headed)
        self.headed = sentence.line if is_heading(sentence, notice) else -1
        if notice is not None:
            self.notice_line = sentence.line
        if sentence.line == self.notice_line:
            self.notices.add(place)
        if notice is None:
            self._tell(place, sentence)
            return
        if notice.wrong is not None:
            self.wrong |= self._said(place, notice.wrong)
        if notice.denied is not None:
            claimed = self._said(place, notice.denied)
            self.wrong |= claimed - {key_of(draft.statement) for draft in self._tell(place, notice.denied)}
        if notice.right is not None:
            self._tell(place, notice.right)

    def standing(self) -> list[Draft]:
        """What was found and not taken back by a notice; what a notice itself says stands."""
        return [each for each in self.drafts if each.place in self.notices or key_of(each.statement) not in self.wrong]

    def _said(self, place: int, sentence: Sentence) -> set[tuple[str, ...]]:
        """What the words of a sentence claim, denied or not."""
        passage = self._passage(place, sentence)
        frames = find_frames(passage.scene, self.words, whatever_blocks=True)
        return {key_of(draft.statement) for draft in drafts_of(passage, frames, self.words, self.memory)}

    def _tell(self, place: int, sentence: Sentence) -> list[Draft]:
        passage = self._passage(place, sentence)
        self.saying += [passage] if passage.scene.of("say") else []
        taken_back: list[Frame] = []
        frames = find_frames(passage.scene, self.words, taken_back=taken_back)
        told = Told(frames, taken_back, frozenset(self.topics), heads=passage.line == 0, last=self.last)
        self.last = passage.scene
        if self.weights is not None:
            frames = trusted(passage.scene, told, self.words, self.memory, self.weights)
        found = drafts_of(passage, frames, self.words, self.memory)
        if self.weights is not None:
            found = self.weigh(passage, told, found, self.words, self.memory, self.weights)
        quoted_date(passage, found, self.drafts)
        who = deniers(passage, self.drafts, self.words)
        self.wrong |= denied(who, passage, self.drafts) | reported(passage, found, self.denials)
        self.wrong |= undone(passage, self.words, self.drafts)
        self.denials |= dict.fromkeys(who, place)
        if not found:
            late_date(passage, self.words, self.drafts)
        for statement in (draft.statement for draft in found):
            if isinstance(statement, TieReported):
                self.memory.tie(statement.institution or statement.institution_name, statement.party or statement.party_name)
        self.drafts += found
        self.topics |= {draft.statement.topic() for draft in found}
        return found

    def _passage(self, place: int, sentence: Sentence) -> Passage:
        self.memory.quoted = self.credit.open and sentence.line == self.credit.line
        self.memory.heading = self.heading.reach(sentence.line)
        text = sentence.text if self.words.lexicon.spaced else _THIN.sub("", sentence.text)
        text = without_what_is_put_in(text, self.words, self.names)
        scene = annotate(text, self.words, self.names, self.memory)
        self.heading.see(scene, sentence.line)
        by = self.credit.of(sentence, self.words, {actor.name for item in scene.items for actor in item.actors})
        return Passage(
            place=place,
            line=sentence.line,
            evidence=Evidence(text="", start=sentence.start, end=sentence.end, attributed_to=by),
            scene=scene,
            published=self.published,
        )


def _topic(found: list[Sentence], words: Compiled, names: Gazetteer) -> tuple[Actor, ...]:
    """The one party that the headline names, or else the opening."""
    for opening in (found[:1], found[1:_OPENING]):
        actors = _named("PARTY", opening, words, names)
        if actors:
            return actors if len(actors) == 1 else ()
    return ()


def _named(kind: Kind, opening: list[Sentence], words: Compiled, names: Gazetteer) -> tuple[Actor, ...]:
    """The actors of a kind that some sentences name."""
    printed = [name for each in opening for name in names.names(each.text, words.fold(each.text)) if name.kind == kind]
    return tuple({name.id: actor_of(name, names) for name in printed}.values())


def _published(own: str | None, document: Document) -> Interval | None:
    """The day of publication: the source's word, unless the document's own is more precise."""
    zone = document.timezone if document.timezone != "UTC" else None
    theirs, ours = publication(document.published, zone), publication(own, zone)
    if theirs is None or (ours is not None and ours.days < theirs.days and ours.overlaps(theirs)):
        return ours
    return theirs
