"""What names stand for in a text that may leave declarations out; how part of it is taken away, or refused."""

from pyoxigraph import Literal, RdfFormat, parse

from graph.engine import QueryEvaluationError
from graph.engine.text.lexer import Token
from graph.engine.text.rewriting import Edit
from graph.engine.text.structure import Structure
from graph.wikidata.querying.prefixes import PRESET


class UntranslatableError(QueryEvaluationError):
    """The query uses what only Wikidata's own service has, or uses it in a way that it does not take."""


def iri_of(structure: Structure, token: Token) -> str | None:
    """What a token names: by the declarations of the text, else by those that are preset."""
    found = structure.iri(token)
    if found is not None or token.kind != "name":
        return found
    prefix, _, local = token.text.partition(":")
    return PRESET[prefix] + local.replace("\\", "") if prefix in PRESET else None


def refusal(structure: Structure, number: int, message: str) -> UntranslatableError:
    """The error about the token of that number."""
    line, column = structure.place(number)
    return UntranslatableError(f"line {line}, column {column}: {message}")


def gone(structure: Structure, first: int, last: int) -> Edit:
    """A part of a group taken away, from one token to another, so that what stands around it can still be read."""
    start, end = structure.tokens[first].start, structure.tokens[last].end
    if first and structure.tokens[first - 1].text not in ("{", "}", "."):
        return Edit(start, end, "{}")
    return Edit(start, structure.tokens[last + 1].end if structure.is_sign(last + 1, ".") else end, "")


def decoded(structure: Structure, number: int) -> str:
    """The text of a string without its quotes and escapes, which SPARQL and Turtle write alike."""
    try:
        (read,) = parse(f"<a:a> <a:a> {structure.tokens[number].text} .", format=RdfFormat.TURTLE)
    except SyntaxError as error:
        raise refusal(structure, number, "this string has an escape that SPARQL does not know") from error
    return read.object.value if isinstance(read.object, Literal) else ""
