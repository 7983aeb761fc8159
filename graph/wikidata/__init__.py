"""Wikidata: what it says (slices), what is the same there (links), where both differ, and both together (merge).

What Wikidata says is never changed here and never mixed with what documents say: it stands in graphs of its own, and
the merge is a view that is made from both sides and the links between them.
"""
