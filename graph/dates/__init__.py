"""What a document says about a date (EDTF), as the four bounds that dates are compared by, and back.

EDTF (ISO 8601-2, Library of Congress 2019): level 1 and those parts of level 2 that texts need. What a date *may*
mean in days is decided here:

==========================  ==============================================================================
written                     means
==========================  ==============================================================================
``2017-03-20``              that day: it starts and ends on it
``2017-03``, ``2017``       some time in it: start and end each lie anywhere in the month or year
``2017-03-2X``, ``2017-XX`` as the period from the first to the last day that the mask allows
``2017-21`` … ``2017-24``   spring (March to May), summer, autumn, winter (December to the next February)
``2017-25`` … ``2017-32``   the same said of the north (``25``–``28``), and of the south (``29`` is September on)
``2017-33`` … ``2017-36``   the quarters of the year; ``37``–``39`` thirds, ``40`` and ``41`` halves
``[2017-04-21..2017-04-30]`` some one day within; ``[..a]`` by then, ``[a..]`` from then on, ``[a,b]`` either
``2017-04-27/2017-04-28``   lasting from the one to the other; ``a/..``, ``../a``, ``a/`` and ``/a`` are open
==========================  ==============================================================================

``~`` and ``%`` (approximate) widen both ways by one unit of the part that they mark, the coarsest if they mark
several: a year by one year, a month or season by one month, a day by three days. A mark to the right of a part
(``2017-03~-20``) marks the part and what stands before it, of which the part is the finest; one to the left
(``2017-03-~20``) the part alone. ``?`` (uncertain) widens nothing: it doubts the statement and does not make it less
precise. A bound that is open is None.

Refused with the reason is what is EDTF and has no meaning in days here: all of a set (``{…}``), times of day, years
before 1 or beyond four digits, and significant digits.
"""

from graph.dates.reading import Bounds, bounds
from graph.dates.spans import DateError
from graph.dates.writing import edtf_around, edtf_of

__all__ = ["Bounds", "DateError", "bounds", "edtf_around", "edtf_of"]
