"""What one amending instruction says, between its reading and the rows of the table."""

from typing import Literal

import msgspec

Verb = Literal["add", "revise", "remove", "suspend", "other"]
Scope = Literal["entries", "heading", "whole", "introduction", "unknown"]

ENTITY_LIST = (4, "744")


# `gc=False`: they hold no cycles, and there are thousands for the collector to look through.
class Name(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A name between quotation marks and its span in the clean text; `broken` when a mark is missing.

    A broken name is `delimited` where what separates it from its neighbours shows its borders all the same.
    `healed` names the rule of `slips` that made it whole.
    """

    text: str
    start: int
    end: int
    broken: bool = False
    delimited: bool = False
    healed: str | None = None


class Instruction(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing to be done, for example: add two named entries under CANADA.

    `target` is the supplement's number and the part; `number` the label of the numbered paragraph,
    `batch` counts these paragraphs. `word` is the verb as printed. `count` is stated where entries are
    not named. `scope` is `heading` where a whole heading goes, `whole` where the supplement is replaced.
    `healed` names the rule of `slips` that supplied the verb.
    """

    target: tuple[int, str] | None
    number: str | None
    batch: int
    verb: Verb
    word: str
    destination: str | None
    names: tuple[Name, ...]
    new_name: str | None = None
    count: int | None = None
    scope: Scope = "entries"
    effective: str | None = None
    until: str | None = None
    """The last day of a term: "suspending, from October 1, 2020 through October 1, 2021"."""
    unknown: tuple[str, ...] = ()
    within: bool = False
    """Whether the names may be words of an entry: "in the entry for “A”, by removing “b” and adding “c” in its place"."""
    healed: str | None = None
    start: int
    end: int
