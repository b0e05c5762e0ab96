"""How far a run has come, in a file beside its output: what a later run needs to go on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hindi_entities.inputs import JOURNAL, Input
from hindi_entities.reading import START, Position
from hindi_entities.writing import OutputError


class State(NamedTuple):
    """What is done: the records up to `position`, which made the first `size` bytes of the output."""

    position: Position = START
    size: int = 0
    documents: int = 0
    mentions: int = 0
    bad: int = 0
    seconds: float = 0.0


class Journal:
    """The file `OUTPUT.progress`, replaced as a whole whenever the state is saved and removed when the run is done.

    It also has what the output depends on: the options, and path, size and time of change of each input.
    """

    def __init__(self, output: Path, inputs: Sequence[Input], options: Mapping[str, Any]) -> None:
        self.path = output.with_name(output.name + JOURNAL)
        self._basis = {"options": dict(options), "inputs": _digest(inputs)}

    def save(self, state: State) -> None:
        """Replace the file; it is on the disk when this returns."""
        new = self.path.with_name(self.path.name + ".new")
        with new.open("w", encoding="utf-8") as stream:
            json.dump({**self._basis, "state": state._asdict()}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(self.path)

    def load(self) -> State:
        """The state that was saved last.

        Raises OutputError where the options or the inputs are others than those of the run that saved it.
        """
        try:
            saved = json.loads(self.path.read_text(encoding="utf-8"))
            state = State(**saved["state"])
            state = state._replace(position=Position(*state.position))
            before, inputs = dict(saved["options"]), saved["inputs"]
        except (ValueError, KeyError, TypeError) as error:
            raise OutputError(f"{self.path} is no journal of a run: {error}; start again with --overwrite") from error
        now = json.loads(json.dumps(self._basis["options"]))
        for name in now | before:
            if now.get(name) != before.get(name):
                raise OutputError(
                    f"the interrupted run had {name} {_show(before.get(name))}, not {_show(now.get(name))}: "
                    "resume it with the same options, or start again with --overwrite"
                )
        if inputs != self._basis["inputs"]:
            raise OutputError(
                "the inputs are not those of the interrupted run, or have changed since: start again with --overwrite"
            )
        return state

    def remove(self) -> None:
        """Remove the file: the run is done."""
        self.path.unlink(missing_ok=True)


def _show(value: Any) -> str:
    return "unset" if value is None else str(value)


def _digest(inputs: Sequence[Input]) -> str:
    """The sha256 of what is known of the inputs without reading them."""
    digest = hashlib.sha256()
    for source in inputs:
        digest.update(repr((source.path, str(source.format), _change(source))).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def _change(source: Input) -> tuple[int, int] | None:
    try:
        stat = None if source.path is None else Path(source.path).stat()
    except OSError:
        return None
    return None if stat is None else (stat.st_size, stat.st_mtime_ns)
