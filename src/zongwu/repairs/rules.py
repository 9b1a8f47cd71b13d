"""How long a repair may take, whose it is, and how long it took. No ORM, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

AGAIN_HOURS = 48
"""Within these hours the same trouble at the same place is one repair (ux.md §2.5)."""


class Post(NamedTuple):
    """One line of who mends what where, as far as choosing needs it."""

    worker: int
    fault: str
    """Empty for every kind."""
    path: str
    """Of the place beneath which it holds; empty for the whole school."""


def whose(posts: Iterable[Post], fault: str, path: str) -> int | None:
    """The worker whose line fits best: the nearest place first, then the kind that is named. None where no line fits."""
    fits = [
        one
        for one in posts
        if one.fault in ("", fault) and (not one.path or path == one.path or path.startswith(f"{one.path}/"))
    ]
    best = max(fits, key=lambda one: (len(one.path), bool(one.fault)), default=None)
    return best.worker if best else None


def due(reported_on: date, urgent: bool, days: int) -> date:
    """By when it should be mended: what is urgent the same day."""
    return reported_on if urgent else reported_on + timedelta(days=days)


def minutes(reported_at: datetime, done_at: datetime, held: int) -> int:
    """Minutes from the report to the repair, without those for which it was put off (ux.md §3.4)."""
    return max(0, int((done_at - reported_at).total_seconds() // 60) - held)


def advice(times: int, cost: str, often: int) -> str:
    """What to say where the same thing was mended again and again; empty where it was not."""
    return f"本学期第 {times} 次修，已花 {cost} 元，建议更换。" if times >= often else ""
