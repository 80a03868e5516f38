"""Which reports people decided to be one fact, or not to be, whatever the rules of settling would make of them."""

from collections.abc import Iterable, Sequence

from events.said import Said

Cluster = list[Said]


def regroup(clusters: Sequence[Cluster]) -> list[Cluster]:
    """The clusters with what was set apart parted, and what was joined as one; the order of arrival makes no difference."""
    if not any(one.same_as or one.apart_from for cluster in clusters for one in cluster):
        return list(clusters)
    return _joined(part for cluster in clusters for part in _parted(cluster))


def _parted(cluster: Cluster) -> list[Cluster]:
    """A cluster in as few parts as it takes; who was not decided about stays with the first."""
    parts: list[Cluster] = []
    for one in sorted(cluster, key=lambda one: one.order):
        fitting = [part for part in parts if not _are_apart(part, [one])]
        joined = next((part for part in fitting if _are_one(part, [one])), None)
        chosen = joined or next(iter(fitting), None)
        if chosen is None:
            parts.append([one])
        else:
            chosen.append(one)
    return parts


def _joined(parts: Iterable[Cluster]) -> list[Cluster]:
    """Parts that a decision ties, directly or through others, as one; never over what was set apart."""
    joined: list[Cluster] = []
    for part in sorted(parts, key=lambda part: min(one.order for one in part)):
        mine = part
        for other in [each for each in joined if _are_one(each, part)]:
            if not _are_apart(other, mine):
                joined.remove(other)
                mine = other + mine
        joined.append(mine)
    return joined


def _are_one(some: Cluster, others: Cluster) -> bool:
    named = {one.statement.claim for one in others}
    return any(not named.isdisjoint(one.same_as) for one in some)


def _are_apart(some: Cluster, others: Cluster) -> bool:
    named = {one.statement.claim for one in others}
    return any(not named.isdisjoint(one.apart_from) for one in some)
