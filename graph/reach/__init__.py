"""What the service may fetch from others: nothing, but for the addresses on a list (``COMMUNIQUE_ALLOW_SERVICE``).

Oxigraph's own requests cannot be bounded, so none ever gets so far: ``SERVICE`` and ``LOAD`` are taken out of a text
before it is evaluated (``service``, ``load``), answered by a client that looks at every address it connects to
(``client``), and put back as data. What is not on the list is refused by ``graph.engine.text.guard``, which also
reads the text that comes out.
"""
