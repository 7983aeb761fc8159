"""Whatever is given to a saved query as arguments: an answer, or what is wrong with it; never a failure of ours."""

from urllib.parse import urlencode

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.catalogue import catalogue

NAMES = sorted({p.name for query in catalogue().values() for p in query.parameters} | {"limit", "offset", "x"})
HOSTILE = (
    "japan",
    "2017-03",
    "state:",
    "<a:b>",
    "a:b> } SERVICE <http://127.0.0.1/> {",
    '"',
    "\\u0022",
    "'''",
    "-1",
    "1e9",
)
VALUES = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))
ANSWERS = {200, 400, 404, 406}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(catalogue())),
    extension=st.sampled_from(("", ".csv", ".json")),
    arguments=st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=4),
)
def test_any_arguments_are_answered_or_refused(
    client: FlaskClient, name: str, extension: str, arguments: list[tuple[str, str]]
) -> None:
    given = urlencode([(key, value.encode("utf-8", "surrogatepass")) for key, value in arguments])
    response = client.get(f"/queries/{name}{extension}?{given}")
    assert response.status_code in ANSWERS, response.text
