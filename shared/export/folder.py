"""The folder an export grows in. Whoever globs `**/*.parquet` there sees each fact once at most, whenever he looks.

A chunk is written aside, in `_staging` and under names that are no `.parquet`. Then `_state.json` says that it is being
moved: from here on it counts, and whoever comes next only finishes the move. Nothing that could be seen is ever taken
away or replaced, and a chunk that nobody decided on was never seen. So after a crash at any moment the next run starts
where the state says. Files become visible one by one: all facts up to the state's `position` are there, and some of the
chunk that is being moved may be, so a reader who wants a cut through all names reads the state first.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

import pyarrow as pa
from pydantic import BaseModel, ValidationError

from shared.export import chunk

_ASIDE: Final = ".part"


class Unusable(Exception):
    """The folder cannot take this export; the text says why."""


class Mismatch(Unusable):
    """It could, had something else been asked for."""


class Selection(BaseModel, frozen=True, extra="forbid"):
    """What is exported: facts after a position, of these names (sorted) and this tenant; None is all."""

    since_position: int = 0
    names: tuple[str, ...] | None = None
    tenant: str | None = None


class State(BaseModel, frozen=True, extra="forbid"):
    """Every selected fact of the `store` up to `position`, whose id is `last`, is in the files.

    `moving` names the chunk whose files come into their places now, if any, and `then` is the state when they have.
    """

    store: str
    selection: Selection
    position: int
    last: str | None = None
    moving: str | None = None
    then: "State | None" = None


class Folder:
    """One service's part of the folder, `service=<name>`, which has a state and a lock of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._staging = root / "_staging"
        self._state = root / "_state.json"

    @classmethod
    @contextmanager
    def locked(cls, to: Path, service: str) -> Iterator[Self]:
        """Refused while somebody else holds it. The lock goes with the process, however that ends."""
        folder = cls(to / f"service={service}")
        with _writing(folder.root):
            folder.root.mkdir(parents=True, exist_ok=True)
            opened = (folder.root / "_lock").open("w")
        with opened as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Unusable(f"another export of {service} is writing to {to}") from None
            yield folder

    def state(self) -> State | None:
        """None before the first export. What a crash left half done is finished or thrown away first."""
        try:
            state = State.model_validate_json(self._state.read_bytes())
        except FileNotFoundError:
            if any(self.root.glob("name=*")):
                raise Unusable(f"{self._state} is gone: nobody knows any more what the files hold") from None
            state = None
        except ValidationError as error:
            raise Unusable(f"{self._state} is damaged: {error.errors()[0]['msg']}") from error
        if state is not None and state.then is not None:
            state = self._move(state, state.then)
        shutil.rmtree(self._staging, ignore_errors=True)
        return state

    def add(self, pages: Sequence[pa.Table], before: State, after: State) -> int:
        """The facts between two states, once and for all; returns the number of files."""
        with _writing(self.root):
            return self._add(pages, before, after)

    def _add(self, pages: Sequence[pa.Table], before: State, after: State) -> int:
        called = f"{before.position + 1:016}-{after.position:016}"
        staged = self._staging / called
        files = chunk.write(pages, staged, f"{called}.parquet{_ASIDE}") if pages else []
        if files:
            os.sync()  # once for all: there may be thousands
            self._move(self.say(before.model_copy(update={"moving": called, "then": after})), after)
        else:
            self.say(after)
        return len(files)

    def say(self, state: State) -> State:
        """In one step: who reads the file reads the old state or this one."""
        aside = self._state.with_name(self._state.name + _ASIDE)
        aside.write_text(state.model_dump_json(indent=2, exclude_none=True) + "\n")
        _keep(aside)
        aside.replace(self._state)
        _keep(self.root)
        return state

    def _move(self, state: State, then: State) -> State:
        staged = self._staging / str(state.moving)
        if not staged.is_dir():
            raise Unusable(f"{staged} is gone, and with it facts after {state.position}")
        for path in sorted(staged.rglob(f"*{_ASIDE}")):
            place = self.root / path.relative_to(staged).with_suffix("")
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
        os.sync()
        self.say(then)
        shutil.rmtree(staged)
        return then


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    """A full disk is no outage of the database."""
    try:
        yield
    except OSError as error:
        raise Unusable(f"{root}: {error.strerror or error}") from error


def _keep(path: Path) -> None:
    """What was written is on the disk when this returns; for a folder, the names in it."""
    at = os.open(path, os.O_RDONLY)
    try:
        os.fsync(at)
    finally:
        os.close(at)
