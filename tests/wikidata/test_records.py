"""The folder of raw records: bytes as they came, checked whenever they are read."""

import json
import multiprocessing
import os
import signal
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from patience import DEADLINE

from graph.wikidata.records import Record, RecordError, keep, kept

URL, JSON = "https://www.wikidata.org/wiki/Special:EntityData/Q42.json", "application/json"


def kept_at(folder: Path, data: bytes = b"{}", url: str = URL, retrieved: str = "2026-04-21", **more) -> Record:
    return keep(folder, data, url=url, media_type=JSON, retrieved=retrieved, **more)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_is_kept_is_read_again_as_it_was(tmp_path: Path) -> None:
    told = {"revision": "7", "etag": '"7"', "last_modified": "Tue", "positions": {"President": "Q218295"}}
    record = kept_at(tmp_path, b"\x00\xff", **told)
    assert kept(tmp_path) == (record,)
    assert record.read() == b"\x00\xff"
    assert (record.url, record.retrieved, record.revision, record.etag) == (URL, "2026-04-21", "7", '"7"')
    assert record.positions == (("President", "Q218295"),)


def test_a_folder_that_is_not_there_has_no_records(tmp_path: Path) -> None:
    assert kept(tmp_path / "nowhere") == ()


def test_the_same_again_changes_nothing_and_another_day_is_one_more_retrieval(tmp_path: Path) -> None:
    first = kept_at(tmp_path)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in files(tmp_path)}
    assert kept_at(tmp_path) == first
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in files(tmp_path)} == before
    later = kept_at(tmp_path, retrieved="2026-05-01")
    elsewhere = kept_at(tmp_path, url="https://example.org/Q42.json")
    assert kept(tmp_path) == (*sorted((first, elsewhere)), later), "the oldest first"
    assert len(files(tmp_path / "bytes")) == 1


def test_bytes_that_were_changed_stop_the_reading(tmp_path: Path) -> None:
    record = kept_at(tmp_path, b'{"id": "Q42"}')
    path = tmp_path / "bytes" / record.sha256
    path.write_bytes(b'{"id": "Q43"}')
    with pytest.raises(RecordError, match="the bytes of https://www.wikidata.org/.* were changed after 2026-04-21"):
        record.read()
    path.unlink()
    with pytest.raises(RecordError, match="cannot be read"):
        record.read()
    assert kept_at(tmp_path, b'{"id": "Q42"}').read() == b'{"id": "Q42"}', "keeping it again mends it"


def test_a_record_that_was_changed_stops_the_reading(tmp_path: Path) -> None:
    kept_at(tmp_path)
    (path,) = tmp_path.glob("*.json")
    told = json.loads(path.read_bytes())
    path.write_text(json.dumps({**told, "retrieved": "2027-01-01"}))
    with pytest.raises(RecordError, match="this record was changed after it was kept"):
        kept(tmp_path)
    for text in ("", "[]", "{}", '{"retrieved": 1}', '{"positions": 3}', "[" * 2000):
        path.write_text(text)
        with pytest.raises(RecordError, match="this is no record"):
            kept(tmp_path)


@pytest.mark.parametrize(
    ("url", "retrieved", "message"),
    [
        ("somewhere", "2026-04-21", "is no address"),
        ("https://a b", "2026-04-21", "is no address"),
        (URL, "2026-4-1", "is no day"),
    ],
)
def test_a_record_has_an_address_and_a_day(tmp_path: Path, url: str, retrieved: str, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        kept_at(tmp_path, url=url, retrieved=retrieved)
    assert not files(tmp_path)


def test_what_is_left_by_one_who_was_killed_is_not_read(tmp_path: Path) -> None:
    record = kept_at(tmp_path)
    (tmp_path / ".2026.json.part").write_text("{")
    (tmp_path / "bytes" / f".{record.sha256}.part").write_text("{")
    (tmp_path / "bytes" / ("0" * 64)).write_bytes(b"bytes without a record, whose writer was killed between both")
    assert kept(tmp_path) == (record,)


def _write(folder: Path, start: Event) -> None:
    start.wait()
    for number in range(60):
        kept_at(folder, b"{}" * 5000 * (number % 7), retrieved=f"2026-04-{number % 28 + 1:02}")


@pytest.mark.kills
def test_two_writers_do_not_disturb_each_other_and_one_that_is_killed_leaves_whole_records(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    start = context.Event()
    writers = [context.Process(target=_write, args=(tmp_path, start)) for _ in range(3)]
    for writer in writers:
        writer.start()
    start.set()
    while not files(tmp_path):
        pass
    os.kill(writers[0].pid or 0, signal.SIGKILL)
    for writer in writers:
        writer.join(DEADLINE)
    assert [writer.exitcode for writer in writers] == [-signal.SIGKILL, 0, 0]
    records = kept(tmp_path)
    assert len(records) == 28, "seven contents on 28 days, and 28 is a multiple of 7"
    assert {len(record.read()) for record in records} == {10000 * number for number in range(7)}
