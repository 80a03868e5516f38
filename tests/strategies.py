"""Hypothesis strategies from types, so that a new event class is tested the moment it is registered."""

import types
from datetime import UTC, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

_BOUND = 2**53
_SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=12),
    int: st.integers(-_BOUND, _BOUND),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    type(None): st.none(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}


def of_struct(struct: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Any value of a struct; each field from its type."""
    hints = get_type_hints(struct)
    return st.builds(struct, **{name: of_type(hints[name]) for name in struct.__struct_fields__})


def of_type(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that events use; raises TypeError for one that no event has used before."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return of_struct(hint)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, types.UnionType):
        return st.one_of(*map(of_type, arguments))
    if origin is tuple and arguments[1:] == (...,):
        return st.lists(of_type(arguments[0]), max_size=2).map(tuple)
    if origin is dict:
        return st.dictionaries(of_type(arguments[0]), of_type(arguments[1]), max_size=2)
    raise TypeError(f"no strategy for {hint!r}: add one here")
