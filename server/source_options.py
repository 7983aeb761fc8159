"""The folders of sources on the command line: texts, assertion files, authority files, records of Wikidata."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from click.core import ParameterSource

from graph.sources import default_corpus, default_documents, default_records

FOLDER: Final = click.Path(file_okay=False, path_type=Path)
_EXISTING: Final = click.Path(exists=True, file_okay=False, path_type=Path)
_DOCUMENTS: Final = "The folder of texts against which quotes are checked."
_CORPUS: Final = "The folder of assertion files."
_AUTHORITY: Final = "The folder of authority files."
_RECORDS: Final = "The folder of records of Wikidata."

_Command = TypeVar("_Command", bound=Callable[..., Any])

documents_option: Final = click.option(
    "--documents",
    type=FOLDER,
    default=default_documents,
    envvar="COMMUNIQUE_DOCUMENTS",
    show_default="../shared/seeds where it is there",
    show_envvar=True,
    help=_DOCUMENTS,
)
corpus_option: Final = click.option("--corpus", type=_EXISTING, default=default_corpus, help=_CORPUS)
authority_option: Final = click.option("--authority", type=_EXISTING, help=_AUTHORITY)


def _there(context: click.Context, parameter: click.Parameter, folder: Path) -> Path:
    """A folder that somebody has typed is meant; the one that is taken otherwise may not be there yet."""
    typed = context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
    if typed and not folder.is_dir():
        raise click.BadParameter(f"there is no folder {folder}")
    return folder


records_option: Final = click.option(
    "--wikidata",
    type=FOLDER,
    callback=_there,
    default=default_records,
    envvar="COMMUNIQUE_WIKIDATA",
    show_default="$XDG_DATA_HOME/communique-wikidata",
    show_envvar=True,
    help=_RECORDS,
)


def source_options(command: _Command) -> _Command:
    """``--corpus`` and ``--authority``, of which none needs to be given."""
    return click.option("--corpus", type=_EXISTING, help=_CORPUS)(authority_option(command))


def serve_source_options(command: _Command) -> _Command:
    """All four folders, none of which has a default of its own: what was built tells from what it was."""
    for name, text in (("wikidata", _RECORDS), ("documents", _DOCUMENTS)):
        variable = f"COMMUNIQUE_{name.upper()}"
        command = click.option(f"--{name}", type=FOLDER, envvar=variable, show_envvar=True, help=text)(command)
    return source_options(command)
