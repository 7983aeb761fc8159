"""The engine in worker processes: a ``pool`` of seats, a ``line`` of those who wait, a ``run`` for each query.

A ``seat`` holds one ``worker`` process and replaces it when it is killed; ``wire`` is what the two say to each other.
"""
