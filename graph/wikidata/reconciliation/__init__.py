"""Reconciliation: what of Wikidata may be the same as a thing of ours, and on what grounds. A person judges."""
