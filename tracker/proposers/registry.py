"""Which proposer opens which kind of model."""

from collections.abc import Callable
from typing import Final

from tracker.proposers.base import Proposer
from tracker.proposers.by_llm import language_model
from tracker.proposers.by_spacy import named_entities

PROPOSERS: Final[dict[str, Callable[[str], Proposer]]] = {"llm": language_model, "spacy": named_entities}
"""Key of `[proposers]` -> how the model that it names is opened. A new kind is a line here, and a key there."""
