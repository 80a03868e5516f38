"""The worker process: what it gives back, and what is said when it ends in the middle."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import hostile
from tracker.app import App
from tracker.ingest import local_document
from tracker.reading import read, read_apart
from tracker.worker import Limits, Worker, WorkerError

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker(Limits(seconds=20.0, memory=1024 * MIB))
    yield worker
    worker.close()


def test_it_gives_what_the_function_gives(worker: Worker) -> None:
    assert worker.call("a", hostile.shout, "mit", louder="?") == "MIT?"
    assert worker.call("a", hostile.process) != os.getpid()


def test_it_raises_what_the_function_raises_and_goes_on(worker: Worker) -> None:
    before = worker.call("a", hostile.process)
    with pytest.raises(ValueError, match="no article"):
        worker.call("a", hostile.refuse, "no article")
    with pytest.raises(RuntimeError, match="OddError: of its own kind"):
        worker.call("a", hostile.refuse_oddly, "of its own kind")
    assert worker.call("a", hostile.process) == before


def test_what_is_kept_there_is_sent_once(worker: Worker) -> None:
    letters = {"a": "b"}
    assert worker.call("a", hostile.spell, "aha", keep=letters) == "bhb"
    reference = worker._reference(letters)
    assert reference is not None
    assert reference[1] is None, "only its digest is sent again"
    assert worker.call("a", hostile.spell, "aha", keep={"a": "c"}) == "chc", "another one is another one"
    assert worker.call("a", hostile.spell, "aha", keep=letters) == "bhb"
    for number in range(6):  # more than it keeps
        assert worker.call("a", hostile.spell, "aha", keep={"a": str(number)}) == f"{number}h{number}"
    assert worker.call("a", hostile.spell, "aha", keep=letters) == "bhb"


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        (hostile.spin, r"it did not end within 0.5 s \(in hostile.py, line \d+, spin\)"),
        (hostile.eat, r"it needs more than 1024 MiB of memory \(in hostile.py, line \d+, eat\)"),
        (hostile.crash, r"it ended the worker process by signal SIGABRT \(in hostile.py, line \d+, crash\)"),
        (hostile.leave, r"it ended the worker process by exit code 3"),
    ],
)
def test_a_call_that_comes_to_no_end_says_what_where_and_why(
    worker: Worker, monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object], why: str
) -> None:
    if deed is hostile.spin:
        monkeypatch.setattr(worker, "limits", Limits(seconds=0.5))
        worker.call("a", hostile.process)
    with pytest.raises(WorkerError) as raised:
        worker.call("https://post.example/a", deed)
    assert re.fullmatch(f"https://post.example/a: {why}", str(raised.value)), str(raised.value)
    assert worker.call("next", hostile.shout, "mit") == "MIT!", "the next call finds a new worker"


def test_one_that_was_killed_between_two_calls_is_replaced(worker: Worker) -> None:
    os.kill(worker.call("a", hostile.process), signal.SIGKILL)
    threading.Event().wait(0.05)
    assert worker.call("a", hostile.shout, "mit") == "MIT!"


def test_a_call_that_is_interrupted_leaves_no_answer_for_the_next(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.start()

    def interrupted(_seconds: float) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(worker._from, "poll", interrupted)
        with pytest.raises(KeyboardInterrupt):
            worker.call("a", hostile.shout, "first")
    assert worker.call("a", hostile.shout, "second") == "SECOND!"


def test_several_threads_take_turns(worker: Worker) -> None:
    found: dict[int, str] = {}

    def ask(number: int) -> None:
        found[number] = worker.call("a", hostile.shout, str(number))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: f"{number}!" for number in range(8)}


def test_it_ends_with_the_process_that_started_it() -> None:
    """Also when that is killed, and whatever SIGTERM says: a stopped service finishes its run first."""
    code = (
        "import os, signal; from tests import hostile; from tracker.worker import WORKER\n"
        "pid = WORKER.call('a', hostile.process); os.kill(pid, signal.SIGTERM)\n"
        "assert WORKER.call('a', hostile.process) == pid; print(pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    here = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    pid = int(done.stdout)
    for _ in range(100):
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        threading.Event().wait(0.05)
    pytest.fail("the worker outlived who had started it")


def test_a_reading_is_the_same_in_the_worker(app: App, tmp_path: Path) -> None:
    registers = app.config.registers
    article, rule = tmp_path / "a.txt", Path(__file__).parent / "data" / "rules" / "wrong_total.xml"
    article.write_text("MIT ended its ties with Huawei and ZTE on 3 April 2019, the university said in a statement.")
    for document in (local_document(article, registers, published="2019-04-03"), local_document(rule, registers)):
        assert read_apart(document, registers) == read(document, registers)
        assert read(document, registers).statements
