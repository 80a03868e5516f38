"""Settings of proposers, apart from what opens them."""

import msgspec


class ProposerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which models may propose statements; none by default. `llm` is a name of the `llm` library, `spacy` a pipeline."""

    llm: str = ""
    spacy: str = ""
