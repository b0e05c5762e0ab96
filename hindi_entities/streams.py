"""Streams of texts: windows of a bounded size read at once, in this process or by several, results in order."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from hindi_entities.errors import WorkerError
from hindi_entities.heap import give_back_memory
from hindi_entities.texts import check_text

if TYPE_CHECKING:
    from hindi_entities.pipeline import Pipeline
    from hindi_entities.results import Document

WINDOW_CHARACTERS = 30_000  # a window that has as many takes no more texts: a few seconds of work
WINDOWS_AHEAD = 2  # for each process
MAX_PROCESSES = 61  # Windows waits for no more

Read = Callable[[Sequence[str]], "list[Document | Exception]"]


class Entry(NamedTuple):
    """An item of a stream: its place, the item, its text and context, or what is wrong with it."""

    position: int
    item: Any
    text: str
    context: Any
    error: Exception | None


class Windows:
    """A stream in windows: at most `size` texts each, the first of one text and each next of twice as many.

    An error of the stream itself ends it and is kept in `error`, so that the texts before it are not lost.
    """

    def __init__(self, items: Iterable[Any], size: int, *, as_tuples: bool, keep_bad: bool) -> None:
        self._entries = _number(items, as_tuples)
        self._size, self._keep_bad = size, keep_bad
        self.error: Exception | None = None

    def __iter__(self) -> Iterator[list[Entry]]:
        window: list[Entry] = []
        room, characters = 1, 0
        while True:
            try:
                entry = next(self._entries, None)
            except Exception as error:
                self.error, entry = error, None
            if entry is not None:
                window.append(entry)
                characters += len(entry.text)
            bad = entry is not None and entry.error is not None and not self._keep_bad
            if window and (entry is None or bad or len(window) >= room or characters >= WINDOW_CHARACTERS):
                yield window
                window, characters, room = [], 0, min(2 * room, self._size)
            if entry is None or bad:
                return


def read_alone(pipeline: Pipeline, texts: Sequence[str]) -> list[Document | Exception]:
    """The document of each text or what is wrong with it: where reading all at once fails, each is read alone."""
    try:
        return [*pipeline.read(texts)]
    except ValueError as error:
        if len(texts) == 1:
            return [ValueError(str(error))]
        return [result for text in texts for result in read_alone(pipeline, [text])]


def read_windows(pipeline: Pipeline, windows: Iterable[list[Entry]]) -> Iterator[tuple[Entry, Document | Exception]]:
    """Each entry with its document or error, read in this process."""
    characters = 0
    for window in windows:
        texts = _texts(window)
        yield from _match(window, read_alone(pipeline, texts))
        characters = _tidy(characters, texts)


def read_in_processes(
    pipeline: Pipeline, windows: Iterable[list[Entry]], processes: int
) -> Iterator[tuple[Entry, Document | Exception]]:
    """Each entry with its document or error, read by several processes, each with a model and its share of the cores.

    Raises WorkerError where a process dies.
    """
    threads = max(1, (os.cpu_count() or 1) // processes)
    context = multiprocessing.get_context("spawn")  # a forked torch may hang
    with ProcessPoolExecutor(processes, context, _start, (type(pipeline), pipeline.options, threads)) as pool:
        waiting: deque[tuple[list[Entry], Future[list[Document | Exception]]]] = deque()
        try:
            for window in windows:
                waiting.append((window, pool.submit(_work, _texts(window))))
                if len(waiting) >= WINDOWS_AHEAD * processes:
                    yield from _match(*_take(waiting))
            while waiting:
                yield from _match(*_take(waiting))
        except BrokenProcessPool as error:
            raise WorkerError(
                f"one of the {processes} processes of pipe died, perhaps for want of memory; try a smaller n_process. A script "
                'that uses n_process must start its work under `if __name__ == "__main__":`'
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_pipeline: Pipeline
_characters = 0  # read in this process since memory was given back


def _start(kind: type[Pipeline], options: dict[str, Any], threads: int) -> None:
    global _pipeline
    import torch

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends the others
    Thread(target=_end_with_parent, daemon=True).start()
    torch.set_num_threads(threads)
    _pipeline = kind(**options)


def _end_with_parent() -> None:
    """End this process when the parent is gone: killed, it cannot say so, and the queue of work stays open."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(texts: Sequence[str]) -> list[Document | Exception]:
    global _characters
    try:
        return read_alone(_pipeline, texts)
    finally:
        _characters = _tidy(_characters, texts)


def _tidy(characters: int, texts: Iterable[str]) -> int:
    """Give freed memory back after the work of a full window, for it is slow to get anew; the characters read since then."""
    characters += sum(map(len, texts))
    if characters < WINDOW_CHARACTERS:
        return characters
    give_back_memory()
    return 0


def _number(items: Iterable[Any], as_tuples: bool) -> Iterator[Entry]:
    for position, item in enumerate(items):
        try:
            text, context = item if as_tuples else (item, None)
            check_text(text)
        except (TypeError, ValueError) as error:
            yield Entry(position, item, "", None, error)
        else:
            yield Entry(position, item, text, context, None)


def _texts(window: Iterable[Entry]) -> list[str]:
    return [entry.text for entry in window if entry.error is None]


def _take(
    waiting: deque[tuple[list[Entry], Future[list[Document | Exception]]]],
) -> tuple[list[Entry], list[Document | Exception]]:
    window, future = waiting.popleft()
    return window, future.result()


def _match(window: Iterable[Entry], results: Iterable[Document | Exception]) -> Iterator[tuple[Entry, Document | Exception]]:
    documents = iter(results)
    for entry in window:
        yield entry, next(documents) if entry.error is None else entry.error
