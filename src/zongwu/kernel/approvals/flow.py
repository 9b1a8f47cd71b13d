"""Which tasks of a stage may be done now, and when the stage is through. Pure: no ORM, no clock.

A stage has tasks of its own, passed by its mode; a signer may add others before, along or after his own task (加签),
each batch passed by a mode of its own. A batch is a little stage, so one rule serves both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

OPENABLE = frozenset({"later", "open"})
DONE = "agreed"


@dataclass(frozen=True)
class Item:
    """One task as the flow sees it. `host` is 0 for the stage's own; what was dropped or passed on is not given.

    Tasks of one `place` are one seat, such as those of all who hold a role: whoever of them signs fills it.
    """

    id: int
    state: str
    place: int = 0
    host: int = 0
    position: str = ""
    batch: int = 0
    mode: str = ""


class Flow:
    """The tasks of one stage."""

    def __init__(self, items: Iterable[Item], mode: str) -> None:
        self.items = {item.id: item for item in items}
        self.mode = mode

    def open(self) -> set[int]:
        """The tasks that may be done now."""
        if self.through():
            return set()
        return {
            item.id
            for item in self.items.values()
            if item.state in OPENABLE and self._reached(item) and self._all_passed(item.id, "before")
        }

    def through(self) -> bool:
        """Whether the stage is passed: its own tasks, and everybody who was added along one of them."""
        own = self._own()
        return self._passed(own, self.mode) and all(self._all_passed(item.id, "along") for item in own)

    def _own(self) -> list[Item]:
        return [item for item in self.items.values() if not item.host]

    def _passed(self, group: Sequence[Item], mode: str) -> bool:
        seats: dict[int, bool] = {}
        for item in group:
            seats[item.place] = seats.get(item.place, False) or self._complete(item)
        return bool(seats) and (any if mode == "one" else all)(seats.values())

    def _filled(self, group: Sequence[Item]) -> bool:
        return not group or self._passed(group, "all")

    def _complete(self, item: Item) -> bool:
        return item.state == DONE and self._all_passed(item.id, "after")

    def _all_passed(self, host: int, position: str) -> bool:
        batches: dict[int, list[Item]] = {}
        for item in self.items.values():
            if item.host == host and item.position == position:
                batches.setdefault(item.batch, []).append(item)
        return all(
            self._passed(batch, batch[0].mode) and all(self._all_passed(one.id, "along") for one in batch)
            for batch in batches.values()
        )

    def _reached(self, item: Item) -> bool:
        """Whether its turn has come, but for those who were asked to sign before it."""
        group = [other for other in self.items.values() if (other.host, other.batch) == (item.host, item.batch)]
        mode = item.mode if item.host else self.mode
        if mode == "turn" and not self._filled([other for other in group if other.place < item.place]):
            return False
        if self._passed([other for other in group if mode == "one" or other.place == item.place], "one"):
            return False
        if not item.host:
            return True
        host = self.items.get(item.host)
        if host is None:
            return False
        return host.state == DONE if item.position == "after" else self._reached(host)
