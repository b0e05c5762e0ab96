"""A progress bar on standard error: how much of the inputs is read, documents per second, time left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def show_progress(total: int, done: int) -> Iterator[Callable[[int, int], None]]:
    """A function of (documents done, bytes read) that moves the bar; it is gone when the context ends.

    `total` counts the bytes of the inputs, 0 where that is not known; `done` the documents of earlier runs. What is printed to
    standard error meanwhile stands above the bar.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    known = (TaskProgressColumn(), TimeRemainingColumn(), TextColumn("left")) if total else ()
    columns = (BarColumn(), TextColumn("{task.fields[documents]:,} documents, {task.fields[speed]:,.0f}/s"), *known)
    console = Console(stderr=True)
    start = time.monotonic()
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        bar = progress.add_task("", total=total or None, documents=done, speed=0.0)

        def update(documents: int, read: int) -> None:
            speed = (documents - done) / max(time.monotonic() - start, 1e-9)
            progress.update(bar, completed=read, documents=documents, speed=speed)

        yield update
