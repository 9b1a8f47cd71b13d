"""What inspections say: figures, statements, breakdowns and dues. Seeds R1.24, R3.06, R4.03, R5.03."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count as SqlCount
from django.db.models import Q

from zongwu.checks import rules
from zongwu.checks.models import Area, Every, Finding, Level, Plan, Round, Task
from zongwu.kernel import clock
from zongwu.kernel.dues import Due
from zongwu.kernel.figures import Breakdown, Count, Figure, Share, Statement, Window


def rounds(window: Window) -> Any:
    """Looks within the window; one that found nothing counts too."""
    return Round.objects.filter(on__range=window)


def findings(window: Window) -> Any:
    """What was wrong within the window."""
    return Finding.objects.wrong().filter(on__range=window)


def sweeps(window: Window) -> Any:
    """Sweeps that were made within the window: somebody looked, and every point is done or the last day is over."""
    looked = rounds(window).filter(plan__isnull=False).values("plan")
    running = Task.objects.undone().filter(until_on__gte=min(window.until, clock.today())).values("plan")
    return Plan.objects.filter(level=Level.SWEEP, every=Every.ONCE, pk__in=looked).exclude(pk__in=running)


def asked(window: Window) -> Any:
    """Tasks whose last day was within the window and is over."""
    last = min(window.until, clock.today() - rules.DAY)
    return Task.objects.filter(until_on__gte=window.since, until_on__lte=last)


def missed(today: date) -> Any:
    """Holes of the last two weeks: what is older is in the calendar of its plan."""
    return (
        Task.objects.missed(today).filter(until_on__gte=today - 14 * rules.DAY).select_related("plan", "point__place")
    )


def _today(today: date) -> Any:
    return Task.objects.undone().at(today).select_related("plan", "point__place")


def _open(today: date) -> Any:
    return Finding.objects.open().select_related("item", "round__checklist", "round__point__place")


def _to_sign(today: date) -> Any:
    return Round.objects.to_sign().select_related("checklist", "point__place")


OPENS = "since={since}&until={until}"
FIGURES = [
    Figure("checks.rounds", "检查", "点次", Count(), rounds, "本学期内交上来的检查记录，一个点位查一遍算一次；没查出问题的也算", opens=OPENS),
    *(
        Figure(f"checks.rounds_{level}", f"{Level(level).label}", "点次", Count(), rounds, f"其中{Level(level).label}的点次", only=Q(level=level), opens=f"{OPENS}&level={level}")
        for level in Level.values
    ),
    Figure("checks.sweeps", "开展大检查", "次", Count(), sweeps, "本学期里查完的大检查（一次性的检查计划，级别是大检查）；还没查完、最晚一天没到的不算"),
    Figure("checks.findings", "查出问题", "处", Count(), findings, "检查记录里答「异常」的项", opens=OPENS),
    Figure("checks.settled", "问题有处理的", "%", Share(~Q(then="")), findings, "查出的问题里，已经报修、立隐患、当场改好或定了无需处理的占多少"),
    Figure("checks.kept", "按时检查的比例", "%", Share(Q(round__isnull=False)), asked, "到期的检查任务里，按时查了的占多少；还没到期的不算"),
]  # fmt: skip
STATEMENTS = [
    Statement("checks.rounds_said", "safety", "本学期共检查{checks.rounds}点次，到期的检查任务按时完成{checks.kept}，查出问题{checks.findings}处。"),
    Statement("checks.levels_said", "safety", "其中部门自查{checks.rounds_self}点次，后勤复查{checks.rounds_again}点次，领导抽查{checks.rounds_spot}点次。", ("checks.rounds_self", "checks.rounds_again")),
    Statement("checks.sweeps_said", "safety", "开展拉网式大检查{checks.sweeps}次。"),
]  # fmt: skip


def by_area(window: Window) -> Sequence[tuple[str, Decimal | int]]:
    """Looks by area, the most first."""
    rows = rounds(window).order_by().values_list("checklist__area").annotate(n=SqlCount("pk"))
    return sorted(((str(Area(area).label), n) for area, n in rows), key=lambda one: (-one[1], one[0]))


def by_item(window: Window) -> Sequence[tuple[str, Decimal | int]]:
    """The twenty items at which most was wrong."""
    rows = findings(window).order_by().values_list("item__name").annotate(n=SqlCount("pk")).order_by("-n", "item__name")
    return list(rows[:20])


BREAKDOWNS = [
    Breakdown("checks.by_area", "检查分类", "checks.rounds", by_area),
    Breakdown("checks.by_item", "问题最多的检查项", "checks.findings", by_item),
]
DUES = [
    Due("checks.today", "今天要查", "checks.check", _today, "扫点位码，或者点「今日检查」一处一处查。", "info", by="until_on", opens="waiting=today"),
    Due("checks.missed", "漏查的", "checks.manage", missed, "问问该查的人：是没查，还是查了没记。老是漏的，换人或者改周期。", "warn", by="until_on", opens="waiting=missed"),
    Due("checks.open", "查出来还没处理", "checks.settle", _open, "点开定下来：报修、立隐患，还是无需处理。", "warn", by="on", opens="waiting=open",
        problem="检查发现的问题还有{n}处没有处理。"),
    Due("checks.to_sign", "等复核签字", "checks.countersign", _to_sign, "看过检查记录再签；检查的人自己不能签。", "warn", by="on", opens="waiting=sign"),
]  # fmt: skip
for _due in DUES:
    if _due.problem:
        FIGURES.append(_due.figure("处"))
        STATEMENTS.append(_due.statement("处"))
