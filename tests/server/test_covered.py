"""Where there is no row, the page says what the documents cover; where there is one, nothing is asked for that."""

from flask.testing import FlaskClient

WORDS = "The 2+2 meetings of Russia and Japan until 20 March 2017</a>: complete"


def test_an_empty_answer_tells_what_is_covered_and_how_fully(corpus_client: FlaskClient) -> None:
    page = corpus_client.get("/queries/contacts?person=oreshkin", headers={"Accept": "text/html"})
    text = page.get_data(as_text=True)
    assert "No rows" in text
    assert WORDS in text
    assert "selective" in text
    assert "/id/coverage/ru-jp-2plus2-until-2017-03-20" in text


def test_an_answer_with_rows_does_not(corpus_client: FlaskClient) -> None:
    page = corpus_client.get("/queries/contacts?person=lavrov", headers={"Accept": "text/html"})
    assert WORDS not in page.get_data(as_text=True)
