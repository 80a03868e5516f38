"""A small language model that reads a sentence whole and says what it tells of each two: `config/encoders/<language>.onnx`.

It was taught on the articles of `tests/data/labelled` (`python -m tests.quality.teach`), beginning from all-MiniLM-L6-v2
(https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2, Apache License 2.0). A blanked sentence in, four numbers
for each pair out: no chance, no network, and one thread, so that sums are made in one order.
"""

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any, Final

import msgspec

VOCABULARY: Final = "vocabulary"
"""Where in the model's own notes its pieces stand, one a line, in the order of their numbers."""

Odds = tuple[float, float, float, float]
"""For each kind of statement, as `KINDS` has them, the logarithm of the odds that it is told."""


@lru_cache(maxsize=2)
def _session(model: bytes) -> Any:
    """What runs a model; registers that are loaded anew with the same one share it, as it takes some 100 MB."""
    import onnxruntime  # takes a tenth of a second, which only who reads articles should wait for

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library raises one of many of its own
        raise ValueError(f"the language model in encoders/ cannot be read; an empty file there means none ({error})") from error


class Encoder(msgspec.Struct, frozen=True, dict=True):
    """A model in the ONNX format, with its vocabulary among its notes."""

    model: bytes

    @cached_property
    def _runs(self) -> Any:
        return _session(self.model)

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """The pieces of words that it knows, and their numbers."""
        notes = self._runs.get_modelmeta().custom_metadata_map
        return {piece: number for number, piece in enumerate(notes[VOCABULARY].split("\n"))}

    def weigh(self, numbers: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[Odds]:
        """What a blanked sentence (`blanked.numbers_of`) tells of pairs, each given by the places of its two."""
        import numpy as np  # as late as what runs it

        places = np.array(pairs, dtype=np.int64)
        asked = {"ids": np.array([numbers], dtype=np.int64), "ones": places[:, 0], "parties": places[:, 1]}
        (found,) = self._runs.run(None, asked)
        return [(float(a), float(b), float(c), float(d)) for a, b, c, d in found.round(3)]
