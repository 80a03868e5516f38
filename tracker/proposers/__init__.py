"""Proposers: what may suggest statements that the readers did not find. Off by default; see `tracker.proposing`."""
