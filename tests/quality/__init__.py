"""Figures about quality, run by hand: what the readers get right on labelled texts."""
