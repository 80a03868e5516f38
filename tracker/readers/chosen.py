"""Who is only chosen instead of the party: "awarded its network to Ericsson and ended the contract with Huawei"."""

from typing import Final

from tracker.readers.scene import Item, Scene

_WITHIN: Final = 60
_CHOOSES: Final = "chooses"
_HANDS: Final = "hands_over"
_BEFORE: Final = ("to_for", "with_it", "by_w")
_BETWEEN: Final = ("INSTITUTION", "break")


def is_chosen(item: Item, scene: Scene) -> bool:
    """Whether an institution is what somebody before it chose, or to whom something was handed, and so does not act itself.

    A pronoun that seems to stand for one so named stands for whoever chose. Without the families of these words in a
    lexicon nobody is.
    """
    chooses, hands = scene.of(_CHOOSES), scene.of(_HANDS)
    if not (chooses or hands) or item.pointing == "noun":
        return False
    if item.pointing:
        named = [each for each in scene.of("INSTITUTION") if each.end <= item.start and not each.pointing]
        return bool(named) and named[-1].actors == item.actors and is_chosen(named[-1], scene)
    if any(each.end + 1 == item.start for each in chooses):
        return True
    if not any(each.end + 1 == item.start for each in scene.of(*_BEFORE)):
        return False
    return any(
        0 < item.start - each.end <= _WITHIN and not any(each.end <= other.start < item.start for other in scene.of(*_BETWEEN))
        for each in hands
    )
