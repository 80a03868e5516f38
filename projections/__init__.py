"""Views: the ledger folded into tables that can be deleted and rebuilt.

One file a view. No clock, no network; the ledger is read through eventsourcing's recorder interface and
written nowhere. Start with `run` (how views follow the ledger), then `settled` (what they hold).
"""
