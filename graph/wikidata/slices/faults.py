"""Why something cannot be read as what Wikidata says."""


class SliceError(ValueError):
    """What was retrieved cannot be read as what Wikidata says; the message says which file and where."""
