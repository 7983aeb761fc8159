"""A child process: messages, ends, and that nothing of it stays when its parent goes."""

import os
import platform
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import socket

import pytest
from patience import DEADLINE

from graph.child import Child, ChildGoneError

KID = """
import os, socket, sys, time
from graph.child import bound_memory, connect, lift_memory_bound
from pyoxigraph import Store

def socket_fails(_):
    try:
        socket.socket()
    except OSError as error:
        return error.strerror

def service_fails(message):
    try:
        list(Store().query("SELECT * { SERVICE <%s> {} }" % message["url"]))
    except Exception as error:
        return type(error).__name__

def load_fails(message):
    try:
        Store().update("LOAD <%s>" % message["url"])
    except Exception as error:
        return type(error).__name__

def bound(message):
    bound_memory(message["budget"])
    try:
        return len(bytearray(message["size"]))
    except MemoryError:
        return "MemoryError"
    finally:
        lift_memory_bound()

def busy(_):
    connection.send({"did": "begun"})
    while True:
        pass

def leave(message):
    os._exit(message["code"])

connection = connect()
does = {"socket": socket_fails, "service": service_fails, "load": load_fails, "bound": bound, "busy": busy,
        "leave": leave, "arguments": lambda _: sys.argv[2:], "sleep": lambda message: time.sleep(message["seconds"])}
while (received := connection.receive()) is not None:
    message, payload = received
    connection.send({"did": does.get(message.get("do"), lambda _: message)(message)}, payload)
"""
sealed = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"), reason="seccomp is set on these only"
)


@pytest.fixture(autouse=True)
def kid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the module that the child runs."""
    (tmp_path / "kid.py").write_text(KID)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


@pytest.fixture
def child(kid: Path) -> Iterator[Child]:
    child = Child("kid", "one", "two")
    yield child
    child.kill()


def ask(child: Child, do: str, **more: object) -> object:
    child.send({"do": do, **more})
    return child.receive(DEADLINE)[0]["did"]


def lives(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be seen does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + DEADLINE
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def test_messages_come_back_whole(child: Child) -> None:
    for payload in (b"", b"x", os.urandom(5_000_000)):
        sender = threading.Thread(target=child.send, args=({"number": 1}, payload))
        sender.start()
        assert child.receive(DEADLINE) == ({"did": {"number": 1}}, payload)
        sender.join()
    assert ask(child, "arguments") == ["one", "two"]


def test_what_came_before_time_was_over_is_kept(child: Child) -> None:
    ask(child, "arguments")
    child.send({"do": "sleep", "seconds": 0.3}, b"late")
    with pytest.raises(TimeoutError):
        child.receive(0.02)
    assert child.receive(DEADLINE) == ({"did": None}, b"late")


def test_the_end_of_the_pipe_ends_it(child: Child) -> None:
    ask(child, "arguments")
    child.close()
    assert child.wait(DEADLINE)
    assert child.returncode == 0
    with pytest.raises(ChildGoneError):
        child.send({}, b"x")


@pytest.mark.parametrize("code", [0, 3])
def test_a_child_that_ends_is_told_with_its_code(child: Child, code: int) -> None:
    child.send({"do": "leave", "code": code})
    with pytest.raises(ChildGoneError) as caught:
        child.receive(DEADLINE)
    assert caught.value.returncode == code


def test_a_module_that_is_not_there_is_a_child_that_has_gone() -> None:
    child = Child("no_such_module")
    with pytest.raises(ChildGoneError):
        child.receive(DEADLINE)


@pytest.mark.kills
def test_killing_ends_a_busy_child_and_leaves_no_zombie(child: Child) -> None:
    ask(child, "busy")
    child.kill()
    child.kill()
    assert child.returncode == -signal.SIGKILL
    assert not Path(f"/proc/{child.pid}").exists()
    with pytest.raises(ChildGoneError):
        child.receive(DEADLINE)


@pytest.mark.kills
def test_signals_to_the_whole_group_are_the_parents_business(child: Child) -> None:
    ask(child, "arguments")
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(child.pid, number)
    assert ask(child, "arguments") == ["one", "two"]


def test_a_child_outlives_the_thread_that_asked_for_it() -> None:
    made: list[Child] = []
    thread = threading.Thread(target=lambda: made.append(Child("kid")))
    thread.start()
    thread.join()
    assert wait_until(lambda: not Path(f"/proc/self/task/{thread.native_id}").exists())
    assert ask(made[0], "arguments") == []
    made[0].kill()


PARENT = """
import sys, time
sys.path[:0] = {path!r}
from graph.child import Child
child = Child("kid")
child.send({{"do": {do!r}}})
child.receive(20)
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.kills
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("do", ["arguments", "busy"])
def test_no_child_outlives_its_parent(kid: Path, number: int, do: str) -> None:
    code = PARENT.format(path=[str(kid), str(Path(__file__).parents[1])], do=do)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert lives(pid)
        parent.send_signal(number)
        parent.wait(DEADLINE)
        assert wait_until(lambda: not lives(pid))


@pytest.mark.kills
def test_a_child_whose_parent_has_gone_before_it_was_ready_ends(kid: Path) -> None:
    ours, theirs = os.pipe()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(kid), *sys.path])}
    not_our_pid = os.getppid()
    child = subprocess.run(
        [sys.executable, "-m", "kid", f"{theirs}:{not_our_pid}"],
        env=environment, pass_fds=[theirs], timeout=DEADLINE, check=False, capture_output=True,
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)
    assert child.returncode == 1
    assert b"the parent process has gone" in child.stderr


@sealed
def test_a_child_opens_no_socket(child: Child) -> None:
    assert ask(child, "socket") == "Permission denied"


@sealed
@pytest.mark.parametrize("do", ["service", "load"])
def test_what_the_engine_would_fetch_it_cannot(child: Child, do: str) -> None:
    with socket() as trap:
        trap.bind(("127.0.0.1", 0))
        trap.listen()
        trap.settimeout(0.05)
        assert ask(child, do, url=f"http://127.0.0.1:{trap.getsockname()[1]}/") == "PermissionError"
        with pytest.raises(TimeoutError):
            trap.accept()


def test_memory_is_bounded_from_what_it_is(child: Child) -> None:
    assert ask(child, "bound", budget=50_000_000, size=100_000_000) == "MemoryError"
    assert ask(child, "bound", budget=200_000_000, size=100_000_000) == 100_000_000
    assert ask(child, "bound", budget=50_000_000, size=10_000_000) == 10_000_000
