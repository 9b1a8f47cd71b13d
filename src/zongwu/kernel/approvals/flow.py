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
        """Whether the stage is passed: its seats, and everybody who was added along somebody who still counts."""
        return self._passed([item for item in self.items.values() if not item.host], self.mode)

    def _passed(self, group: Sequence[Item], mode: str) -> bool:
        seats: dict[int, bool] = {}
        for item in group:
            seats[item.place] = seats.get(item.place, False) or self._complete(item)
        filled = bool(seats) and (any if mode == "one" else all)(seats.values())
        return filled and all(self._all_passed(item.id, "along") for item in group if self._counts(item))

    def _complete(self, item: Item) -> bool:
        return item.state == DONE and self._all_passed(item.id, "after")

    def _all_passed(self, host: int, position: str) -> bool:
        batches: dict[int, list[Item]] = {}
        for item in self.items.values():
            if item.host == host and item.position == position:
                batches.setdefault(item.batch, []).append(item)
        return all(self._passed(batch, batch[0].mode) for batch in batches.values())

    def _group(self, item: Item) -> tuple[list[Item], str]:
        """Those among whom it stands, and how they are passed."""
        group = [other for other in self.items.values() if (other.host, other.batch) == (item.host, item.batch)]
        return group, item.mode if item.host else self.mode

    def _counts(self, item: Item) -> bool:
        """Whether nobody else has done what it was asked for."""
        group, mode = self._group(item)
        rivals = [other for other in group if other is not item and (mode == "one" or other.place == item.place)]
        return item.state == DONE or not any(map(self._complete, rivals))

    def _reached(self, item: Item) -> bool:
        """Whether its turn has come, but for those who were asked to sign before it."""
        group, mode = self._group(item)
        earlier = [other for other in group if other.place < item.place] if mode == "turn" else []
        if not self._counts(item) or (earlier and not self._passed(earlier, "all")):
            return False
        if not item.host:
            return True
        host = self.items.get(item.host)
        if host is None:
            return False
        return host.state == DONE if item.position == "after" else self._reached(host)
