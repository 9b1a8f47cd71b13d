"""What broke in the demonstrated term, who mended it, and what still waits."""

from __future__ import annotations

from datetime import timedelta

from zongwu.kernel import scope
from zongwu.kernel.ctx import Ctx
from zongwu.repairs import actions as repairs
from zongwu.repairs.models import Ticket
from zongwu.school.models import Place
from zongwu.site.demo_cast import Cast, at

MENDED = (
    ("A302", "media", "触控一体机没信号", "gao", (2026, 9, 8), 26, "换 HDMI 线", 5), ("A105", "desk", "课桌腿松 2 张", "gao", (2026, 9, 15), 5, "紧固并换螺丝", 4),
    ("A201", "light", "灯管坏 3 支", "sun", (2026, 9, 22), 3, "换灯管 3 支", 5), ("A302", "light", "后排灯不亮", "gao", (2026, 10, 12), 2, "换镇流器", None),
    ("A104", "water", "洗手池漏水", "lin", (2026, 10, 20), 30, "换水龙头 1 个", 5), ("A203", "door", "门锁打不开", "sun", (2026, 11, 3), 1, "换锁芯", 3),
    ("A302", "light", "灯闪", "gao", (2026, 11, 10), 4, "换灯管 2 支", 5), ("A101", "other", "窗帘轨脱落", "li", (2026, 11, 17), 50, "重新固定", None),
    ("A205", "water", "水管裂", "li", (2026, 12, 2), 6, "换管 1 米", 5), ("A303", "desk", "椅背断 1 把", "gao", (2026, 12, 9), 20, "换椅背", 4),
)  # fmt: skip
"""Room, kind, what, who reports, day, hours until mended, what was done, stars (None: nobody said anything)."""


def mend(cast: Cast) -> None:
    """Who mends what; ten that were mended, one that waits for a part, one that nobody has yet."""
    head = cast.does("zhou", at(2026, 9, 1))
    repairs.set_duty(head, worker=cast.people["he"])
    repairs.set_duty(head, worker=cast.people["li"], fault="media")
    for room, fault, what, who, day, hours, did, stars in MENDED:
        began = at(*day)
        ticket = repairs.report_fault(
            cast.does(who, began), place=_room(cast, room), fault=fault, what=what, confirmed=True
        )
        ticket = _mended(cast, ticket, hours, did)
        if stars:
            repairs.confirm_ticket(cast.does(who, began + timedelta(hours=hours + 2)), ticket, stars=stars)
        else:
            repairs.close_silent(Ctx.system("schedule", cast.school, now=began + timedelta(hours=hours + 73)), ticket)
    waits = repairs.report_fault(
        cast.does("gao", at(2027, 1, 12)), place=_room(cast, "A302"), fault="media", what="一体机黑屏"
    )
    repairs.take_ticket(cast.does("li", at(2027, 1, 12, 10)), waits)
    repairs.hold_ticket(cast.does("li", at(2027, 1, 12, 11)), waits, why="part", until=at(2027, 1, 20).date())
    repairs.report_fault(
        cast.does("sun", at(2027, 1, 14)), place=_room(cast, "A104"), fault="water", what="水龙头关不紧", urgent=True
    )


def _mended(cast: Cast, ticket: Ticket, hours: int, did: str) -> Ticket:
    worker, start = "li" if ticket.fault == "media" else "he", ticket.reported_at
    repairs.take_ticket(cast.does(worker, start + timedelta(minutes=20)), ticket)
    repairs.arrive(cast.does(worker, start + timedelta(minutes=40)), ticket)
    return repairs.finish_ticket(cast.does(worker, start + timedelta(hours=hours)), ticket, did=did)


def _room(cast: Cast, code: str) -> Place:
    with scope.active(cast.school):
        return Place.objects.get(code=code)  # type: ignore[no-any-return]
