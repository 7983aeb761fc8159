"""What is entailed with Wikidata and not without, kept up as links, slices and documents come and go."""

from pyoxigraph import Triple

from graph.dataset import Dataset
from graph.increment import Increment
from graph.rules import Change
from graph.wikidata.merging.view import without_slices


class MergedIncrement:
    """``entailed_with_wikidata`` of a dataset, and then of the next; each has its newest slices."""

    def __init__(self, dataset: Dataset) -> None:
        """Raises RuleError."""
        self.entailed_with_wikidata: set[Triple] = set()
        self._local = Increment(Dataset())
        self._view = Increment(Dataset())
        self.update(dataset)

    def update(self, dataset: Dataset) -> Change:
        """What is so entailed by this dataset and was not by the one before, and the reverse. Raises RuleError."""
        changes = self._local.update(dataset), self._view.update(without_slices(dataset))
        doubtful = {triple for change in changes for triple in change.added | change.removed}
        found = {t for t in doubtful if t in self._view.entailed and t not in self._local.entailed}
        change = Change(found - self.entailed_with_wikidata, (doubtful - found) & self.entailed_with_wikidata)
        self.entailed_with_wikidata |= change.added
        self.entailed_with_wikidata -= change.removed
        return change
