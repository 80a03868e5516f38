"""The tests mirror the house: `tests/events` tests `events`, and so on."""
