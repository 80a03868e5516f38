"""Readers: a document in, its statements out. Pure: no clock, network or files.

One file a kind of document; a new one is a file here and a line in `READERS` (`registry.py`).
"""
