"""What can be told of a query or an update from its text, before anything is evaluated.

``lexer`` reads it; ``guard``, ``complexity`` and ``grammar`` refuse it; ``normal`` tells which texts ask the same;
``dataset_clause``, ``prologue`` and ``rewriting`` write it anew; ``faults`` and ``syntax`` say what is wrong where.
"""
