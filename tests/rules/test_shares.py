"""One document more or less costs a small share of the whole: what rests on it is concluded, and not all anew.

It is the share of one run in the CPU time of this process, so neither the machine nor what else runs on it counts for
much. Measured at 1,000 to 3,000 meetings are 0.4 to 11 %; a run that concludes all anew takes the whole.
"""

import time
from statistics import median

import pytest
from benchmarks.deriving import changed, derived, premises_of

pytestmark = pytest.mark.benchmarks

MEETINGS, PAPERS, MOST = 2_000, 5, 0.1


def test_one_document_in_or_out_is_a_small_share_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.deriving.time.perf_counter", time.process_time)
    dataset = premises_of(MEETINGS)
    whole, rules = derived(MEETINGS, dataset.premises())
    concluded = set(rules.entailed)
    papers = [each for each in changed(whole, rules, dataset, PAPERS) if each.document.startswith("news-")]
    assert rules.entailed == concluded
    for way in ("in", "out"):
        assert median(each.share for each in papers if each.way == way) < MOST
