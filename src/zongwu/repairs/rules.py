"""How long a repair may take, whose it is, and how long it took. No ORM, no clock."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
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


def months_later(day: date, months: int) -> date:
    """The same day so many months later, the month's last where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def minutes(reported_at: datetime, done_at: datetime, held: int) -> int:
    """Minutes from the report to the repair, without those for which it was put off (ux.md §3.4)."""
    return max(0, int((done_at - reported_at).total_seconds() // 60) - held)


def advice(times: int, cost: str, often: int) -> str:
    """What to say where the same thing was mended again and again; empty where it was not."""
    return f"本学期第 {times} 次修，已花 {cost} 元，想想要不要更换。" if times >= often else ""


_PARTS = {
    "灯管": r"(?:led|日光|荧光)?灯管", "水龙头": r"(?:水)?龙头", "门锁": r"门锁|球形锁|锁芯|执手锁", "插座": r"(?:[三五七]孔|墙壁)?插座",
}  # fmt: skip
_COUNT = r"\s*[×xX*:：]?\s*(\d{1,4})"


def parts(text: str) -> dict[str, int]:
    """`灯管3支、启辉器3个` → 灯管 3: the usual parts that free words name, with how many; a part without a number is one."""
    plain = unicodedata.normalize("NFKC", text).lower()
    found: dict[str, int] = {}
    for name, words in _PARTS.items():
        counts = [int(number) for number in re.findall(rf"(?:{words}){_COUNT}", plain)]
        counts += (
            [int(number) for number in re.findall(rf"(\d{{1,4}})\s*[支根盏个只把套]\s*(?:{words})", plain)]
            if not counts
            else []
        )
        if not counts and re.search(words, plain):
            counts = [1]
        if sum(counts):
            found[name] = sum(counts)
    return found


_FAULTS = (
    ("media", r"投影|一体机|广播|音箱|电脑|网|屏|电视|打印"), ("light", r"灯|插座|开关|电扇|风扇|空调|电"), ("water", r"水|厕|龙头|管|堵|漏"),
    ("door", r"门|窗|锁|帘|玻璃"), ("desk", r"桌|椅|凳|黑板|讲台"),
)  # fmt: skip


def fault_of(what: str) -> str:
    """The kind that words about a fault point to; `other` where none does."""
    return next((fault for fault, words in _FAULTS if re.search(words, what)), "other")
