"""The README of a case file: how to check it with nothing of ours."""

from typing import Final

SNIPPET: Final = """\
import json, pathlib
for line in pathlib.Path("timeline.jsonl").read_bytes().splitlines():
    for one in json.loads(line)["evidence"]:
        path = pathlib.Path("documents", one["text"] + ".txt")
        assert not path.exists() or path.read_bytes().decode()[one["start"]:one["end"]] == one["quote"], one
"""
"""Looks every quote up in its text."""

_WORDS: Final = """\
A case file about: {subject}

index.html        the timeline, to read and to print; it asks the network for nothing
timeline.jsonl    the same, one fact a line, with every quote and where it stands
statements.jsonl  what the documents say, as events of the ledger: stream, version, position
readings.jsonl    which bytes were captured from where and when, and who read them
decisions.jsonl   what people decided about these statements
documents/        the archived documents, named by their sha256: .raw as they came, .txt the clean
                  text that quotes point into, .json what the source said of the document
manifest.json     the question, the ledger's position, every document, every file with its sha256
SHA256SUMS        the same sums for sha256sum

Documents that are not ours to hand on are missing from documents/ ("republished": false in
manifest.json). Their digests are there: whoever holds the same bytes can prove it.


HOW TO CHECK IT

1. That no file was changed:

   sha256sum -c SHA256SUMS        (macOS: shasum -a 256 -c SHA256SUMS)

2. That a document is the one that was archived: the name of each file in documents/ is the sha256
   of its bytes.

3. That every quote stands where it is said to stand. "text" is the sha256 of the clean text, UTF-8;
   "start" and "end" count code points of it, from 0, the end not included. With Python 3, here:

{snippet}
   It says nothing when all is well.

4. That the ledger still says so. {ledger}

Dates are EDTF (ISO 8601-2): "/2019-10-09" is some time up to that day. "effective" is when the law
or the world changed, "published" what the document prints, "recorded_at" when the ledger took it in.
"""


def readme(subject: str, position: int, digest: str | None) -> str:
    """The words, for one subject and one state of the ledger."""
    told = " ".join("".join(c if c.isprintable() else " " for c in subject).split())
    snippet = "".join(f"       {line}\n" for line in SNIPPET.splitlines())
    return _WORDS.format(subject=told, snippet=snippet, ledger=_ledger(position, digest))


def _ledger(position: int, digest: str | None) -> str:
    if digest is None:
        return f"The case was made from the ledger up to position {position}; it had\n   no chain of digests to check that by."
    return (
        f"The case was made from the ledger up to position {position}, where the\n"
        f"   chain of digests over all its events has this head:\n\n   tracker-anchor {position} {digest}\n\n"
        "   Whoever holds the ledger proves with `tracker verify --anchor` that it still extends this."
    )
