"""The domain: what documents say, what people decide, and how truth is settled from both.

Pure: the standard library and msgspec only; no clock, randomness, network, files or configuration.
Start with `base` (what an event is), then `statements`, then `listings` and `facts` (settling).
"""
