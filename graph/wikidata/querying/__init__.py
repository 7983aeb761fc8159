"""Queries written for the Wikidata Query Service, on the newest slices: their prefixes, labels and own ways.

``prefixes`` are those that the service knows; ``label_clause`` and ``labels`` write the label service as SPARQL, with
``selection`` for what a query selects; ``named_subqueries``, ``grouped`` and ``extensions`` do the rest, all put
together in ``translation``. ``engine`` asks an engine behind it so. After Wikidata's user manual and the service's
source.
"""
