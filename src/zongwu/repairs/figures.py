"""What repairs say: figures, statements, breakdowns and dues. Seeds R1.21, R2.01, R4.04, R4.05."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count as SqlCount
from django.db.models import Q
from django.db.models.functions import TruncMonth

from zongwu.kernel.dues import Due
from zongwu.kernel.figures import Breakdown, Count, Figure, Mean, Percentile, Share, Statement, Total, Window
from zongwu.repairs import queries
from zongwu.repairs.models import Fault, State, Ticket, TicketPart

MENDED = Q(done_at__isnull=False)


def reported(window: Window) -> Any:
    """What was reported within the window, but for what was taken back."""
    return Ticket.objects.exclude(state=State.DROPPED).filter(reported_on__range=window)


def tubes(window: Window) -> Any:
    """Lamps that were put in, as the words of the repairs say."""
    return TicketPart.objects.filter(ticket__in=reported(window).values("pk"), name="灯管")


def used(window: Window) -> Any:
    """The slips by which parts went into them."""
    return queries.slips_of(reported(window))


OPENS = "since={since}&until={until}&standing=1"
FIGURES = [
    Figure("repairs.reported", "报修", "件", Count(), reported, "本学期内报的修，撤销的不算", opens=OPENS),
    Figure("repairs.mended", "修好的", "件", Count(), reported, "本学期报的修里已经修好的", only=MENDED),
    Figure("repairs.mended_share", "修好的比例", "%", Share(MENDED), reported, "本学期报的修里，已经修好的占多少"),
    Figure("repairs.median_hours", "维修时长（中位）", "小时", Percentile("minutes", 0.5, 60), reported, "从报修到修好，扣去挂起的时间，一半的报修不超过这么久"),
    Figure("repairs.p90_hours", "维修时长（九成）", "小时", Percentile("minutes", 0.9, 60), reported, "从报修到修好，扣去挂起的时间，九成的报修不超过这么久"),
    Figure("repairs.returned", "返修率", "%", Share(Q(back__gt=0)), reported, "修好的里面，报修人说没修好、又去了的占多少", only=MENDED),
    Figure("repairs.stars", "评价", "星", Mean("stars"), reported, "报修人打的星的平均；没有回话的不算"),
    Figure("repairs.rated", "评价过的", "件", Count(), reported, "本学期报的修里，报修人打了星的", only=Q(stars__isnull=False)),
    Figure("repairs.tubes", "更换灯管", "支", Total("quantity"), tubes, "本学期报的修里，「怎么修的」写了换灯管的支数"),
    Figure("repairs.parts_value", "维修用料", "元", Total("value"), used, "本学期报的修里，从备件库扣的材料，按加权平均价；冲销的不算"),
    Figure("repairs.cost", "外修费用", "元", Total("cost"), reported, "本学期报的修里，请外面修花的钱"),
]  # fmt: skip

STATEMENTS = [
    Statement("repairs.said", "repairs", "本学期受理报修{repairs.reported}件，已修好{repairs.mended}件，占{repairs.mended_share}。"),
    Statement("repairs.tubes_said", "repairs", "更换灯管{repairs.tubes}支。"),
    Statement("repairs.time_said", "repairs", "从报修到修好，一半不超过{repairs.median_hours}小时，九成不超过{repairs.p90_hours}小时。"),
    Statement("repairs.stars_said", "repairs", "师生评价{repairs.rated}件，平均{repairs.stars}星。", ("repairs.rated",)),
    Statement("repairs.parts_value_said", "repairs", "维修用料{repairs.parts_value}元。"),
    Statement("repairs.cost_said", "repairs", "请外单位维修支出{repairs.cost}元。"),
]  # fmt: skip


def by_fault(window: Window) -> Sequence[tuple[str, Decimal | int]]:
    """How many of each kind, the most first."""
    rows = reported(window).order_by().values_list("fault").annotate(n=SqlCount("pk"))
    return sorted(((str(Fault(fault).label), n) for fault, n in rows), key=lambda one: (-one[1], one[0]))


def by_place(window: Window) -> Sequence[tuple[str, Decimal | int]]:
    """The twenty places where most was broken."""
    rows = (
        reported(window).order_by().values_list("place__path").annotate(n=SqlCount("pk")).order_by("-n", "place__path")
    )
    return [(path.rpartition("/")[2], n) for path, n in rows[:20]]


def by_month(window: Window) -> Sequence[tuple[str, Decimal | int]]:
    """How many each month."""
    rows = (
        reported(window)
        .order_by()
        .annotate(month=TruncMonth("reported_on"))
        .values_list("month")
        .annotate(n=SqlCount("pk"))
    )
    return [(f"{month.month} 月", n) for month, n in sorted(rows)]


BREAKDOWNS = [
    Breakdown("repairs.by_fault", "报修分类", "repairs.reported", by_fault),
    Breakdown("repairs.by_place", "报修最多的地方", "repairs.reported", by_place),
    Breakdown("repairs.by_month", "各月报修", "repairs.reported", by_month),
]

DUES = [
    Due("repairs.pressing", "紧急报修超时", "repairs.dispatch", queries.pressing, "马上问师傅到哪一步了，修不了的先断水断电、围起来。", "bad", by="due_on", opens="waiting=pressing"),
    Due("repairs.waiting", "还没派工的报修", "repairs.dispatch", lambda today: Ticket.objects.waiting(), "点开派给人；常修的写进「分工」，以后自动派。", "warn", opens="waiting=new"),
    Due("repairs.overdue", "过了期限没修好", "repairs.work", lambda today: Ticket.objects.overdue(today), "先修这些；修不了的挂起，写明原因和日子。", "bad", by="due_on",
        opens="waiting=overdue", problem="还有{n}件报修过了期限没有修好。"),
    Due("repairs.resting", "挂起到日子了", "repairs.work", lambda today: Ticket.objects.resting(today), "缺的件到了没有？到了就接着修。", "warn", by="held_until", opens="waiting=resting"),
]  # fmt: skip
for _due in DUES:
    if _due.problem:
        FIGURES.append(_due.figure("件"))
        STATEMENTS.append(_due.statement("件"))
