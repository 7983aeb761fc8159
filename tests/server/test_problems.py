"""Errors as answers: what is told of a fault of the machine, and what is not."""

import pytest
from flask.testing import FlaskClient

from graph.reach.load import LoadFailedError
from graph.store.faults import DiskError, WriterGoneError
from graph.store.files import StoreBusyError
from graph.views.makers import ViewFailedError


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (
            ViewFailedError("it cannot be gathered: [Errno 2] No such file or directory: '/srv/my data/views/v1'"),
            "it cannot be gathered: [Errno 2] No such file or directory: v1",
        ),
        (
            DiskError("the disk did not take it: IO error: While appending to file: /srv/store/000012.sst: No space"),
            "the disk did not take it: IO error: While appending to file: 000012.sst: No space",
        ),
        (StoreBusyError("/srv/plain: another process writes here"), "plain: another process writes here"),
        (WriterGoneError("the write ended (1/2), see https://a.example/b/c"), None),
        (LoadFailedError("LOAD (line 1, column 1): http://a.example/x/y holds no RDF and/or is '/a/b'"), None),
    ],
)
def test_files_are_told_by_their_names(corpus_client: FlaskClient, error: Exception, detail: str | None) -> None:
    def fail() -> str:
        raise error

    corpus_client.application.add_url_rule("/fails", view_func=fail)
    assert corpus_client.get("/fails").get_json(force=True)["detail"] == (detail or str(error))
