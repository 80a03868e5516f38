"""What must hold whatever happens: order of arrival, replay, the three questions about the past."""

from datetime import timedelta

from hypothesis import event, given, settings
from hypothesis import strategies as st

from projections.claims import Horizon
from projections.run import catch_up, fingerprint
from tests.builders import instant
from tests.histories import DAYS, Append, Lane, Memory, arrivals, available_by, histories
from tests.projections.snapshots import answers, kept, new_views, views_of

few = settings(max_examples=250, derandomize=False, database=None)


@st.composite
def arrived(draw: st.DrawFn) -> list[Append]:
    """A history in one order of arrival."""
    return draw(arrivals(draw(histories())))


@few
@given(st.data(), histories())
def test_any_order_of_arrival_settles_to_the_same(data: st.DataObject, lanes: list[Lane]) -> None:
    first, second = data.draw(arrivals(lanes)), data.draw(arrivals(lanes))
    with views_of(Memory(first)) as one, views_of(Memory(second)) as other, one.reading() as a, other.reading() as b:
        event(f"{len(kept(a)['listings'])} listings, {len(kept(a)['facts'])} facts")
        assert kept(a) == kept(b)
        assert answers(a) == answers(b)


@few
@given(st.data(), arrived())
def test_a_prefix_and_then_the_rest_is_the_whole(data: st.DataObject, appends: list[Append]) -> None:
    """Wherever it is cut, in the middle of a reading too."""
    ledger = Memory(appends)
    cuts = data.draw(st.lists(st.integers(0, ledger.head()), max_size=3))
    with views_of(ledger) as whole, new_views() as parts:
        for cut in sorted(cuts):
            catch_up(parts, ledger, until=cut)
            assert parts.checkpoint() <= cut
        catch_up(parts, ledger)
        assert parts.checkpoint() == whole.checkpoint() == ledger.head()
        assert fingerprint(parts) == fingerprint(whole)


@few
@given(st.data(), arrived())
def test_known_at_a_position_is_a_ledger_that_ended_there(data: st.DataObject, appends: list[Append]) -> None:
    ledger = Memory(appends)
    length = data.draw(st.integers(0, len(appends)))
    horizon = Horizon(position=ledger.ends[length])
    with views_of(ledger) as whole, views_of(Memory(appends[:length])) as ended, whole.reading() as a, ended.reading() as b:
        assert answers(a, horizon, places=True) == answers(b, places=True)


@few
@given(st.data(), arrived())
def test_available_at_a_time_is_a_ledger_of_what_could_be_read_by_then(data: st.DataObject, appends: list[Append]) -> None:
    """With the links and decisions of today."""
    time = instant(data.draw(st.sampled_from(DAYS))) + data.draw(st.sampled_from([timedelta(0), timedelta(hours=-1)]))
    then = Memory(available_by(appends, time))
    with views_of(Memory(appends)) as one, views_of(then) as other, one.reading() as a, other.reading() as b:
        assert answers(a, Horizon(available=time)) == answers(b)


@few
@given(arrived())
def test_the_present_asked_as_a_past_is_the_present(appends: list[Append]) -> None:
    """The kept tables say what settling on the spot says."""
    ledger = Memory(appends)
    with views_of(ledger) as store, store.reading() as database:
        assert answers(database, places=True) == answers(database, Horizon(position=ledger.head()), places=True)


@few
@given(arrived())
def test_live_views_equal_a_rebuild(appends: list[Append]) -> None:
    """Views that follow append by append, as the daily run does, against one pass."""
    ledger = Memory(appends)
    with views_of(ledger) as rebuilt, new_views() as live:
        for end in ledger.ends:
            catch_up(live, ledger, until=end)
        assert fingerprint(live) == fingerprint(rebuilt)
