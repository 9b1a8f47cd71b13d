"""What safety says: figures, statements, breakdowns and dues. Seeds R1.05, R1.23, R1.24, R1.25.

整改率 = closed ÷ due (ux.md §3.4): of the hazards whose deadline lies in the term and has come, how many somebody else has re-checked
and closed. What is not due yet is left out, and so is what was reported for repair but not closed. 按期率 counts those closed by then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Case, F, Q, Value, When
from django.db.models import Count as SqlCount
from django.db.models.functions import TruncMonth

from zongwu.kernel import clock
from zongwu.kernel.dues import Due
from zongwu.kernel.figures import Breakdown, Count, Figure, Percentile, Share, Statement, Total, Window
from zongwu.safety.models import Field, Grade, Hazard, State


def found(window: Window) -> Any:
    """What was found within the window and was a hazard."""
    return Hazard.objects.real().filter(found_on__range=window)


def due(window: Window) -> Any:
    """What had to be closed within the window: its deadline is one of these days, and has come. `gone` and `in_time` say what came of it by then."""
    last = min(window.until, clock.today())
    gone = Case(When(closed_on__lte=last, then=Value(True)), default=Value(False), output_field=BooleanField())
    in_time = Case(
        When(closed_on__lte=F("due_on"), then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    rows = Hazard.objects.real().filter(due_on__gte=window.since, due_on__lte=last)
    return rows.annotate(gone=gone, in_time=in_time)


def closed(window: Window) -> Any:
    """What was closed within the window, whenever it was found."""
    return Hazard.objects.real().filter(closed_on__range=window)


GONE, IN_TIME = Q(gone=True), Q(gone=True, in_time=True)
OPENS = "since={since}&until={until}"
FIGURES = [
    Figure("safety.found", "查出隐患", "处", Count(), found, "本学期内发现的隐患，不是隐患的不算", opens=OPENS),
    Figure("safety.major", "重大隐患", "处", Count(), found, "其中按判定指南定为重大的", only=Q(grade=Grade.MAJOR), opens=f"{OPENS}&grade=major"),
    Figure("safety.listed", "挂牌督办", "处", Count(), found, "其中挂牌督办的", only=Q(listed_on__isnull=False)),
    Figure("safety.again", "重复出现", "处", Count(), found, "同一处以前销过号、又出现的", only=Q(again_of__isnull=False)),
    Figure("safety.due", "应整改", "处", Count(), due, "整改期限在本学期内、到今天已经到期的隐患；没到期的不算；过期以后延的期不改原来的期限", opens="due_since={since}&due_until={until}"),
    Figure("safety.closed", "已整改销号", "处", Count(), due, "应整改的里面，别人复查合格销了号的；已报修、已报整改还没复查的不算", only=GONE),
    Figure("safety.rate", "整改率", "%", Share(GONE), due, "已整改销号 ÷ 应整改：期限在本学期内、到今天已经到期的隐患里，复查销号的占多少；没到期的不算"),
    Figure("safety.on_time", "按期率", "%", Share(IN_TIME), due, "应整改的里面，在期限以内销号的占多少；过期以后延的期不算"),
    Figure("safety.gone", "本学期销号", "处", Count(), closed, "本学期内复查合格销号的隐患，不管什么时候发现的", opens="closed_since={since}&closed_until={until}"),
    Figure("safety.returned", "复查退回", "处", Count(), closed, "本学期销号的里面，复查退回过的", only=Q(back__gt=0)),
    Figure("safety.median_days", "隐患存在天数（中位）", "天", Percentile("days", 0.5), closed, "本学期销号的，从发现到销号，一半不超过这么多天"),
    Figure("safety.money", "整改资金", "元", Total("money"), closed, "本学期销号的隐患花的钱"),
]  # fmt: skip
STATEMENTS = [
    Statement(
        "safety.rate_said", "safety", "本学期查出隐患{safety.found}处，到期应整改{safety.due}处，已整改销号{safety.closed}处，整改率{safety.rate}，按期率{safety.on_time}。",
        ("safety.found", "safety.due"),
    ),
    Statement("safety.major_said", "safety", "其中重大隐患{safety.major}处。"),
    Statement("safety.listed_said", "safety", "挂牌督办{safety.listed}处。"),
    Statement("safety.again_said", "safety", "同一处重复出现的隐患{safety.again}处。"),
    Statement("safety.days_said", "safety", "隐患从发现到销号，一半不超过{safety.median_days}天，整改投入{safety.money}元。", ("safety.median_days", "safety.money")),
]  # fmt: skip


def _by(column: str, word: Callable[[Any], str]) -> Callable[[Window], Sequence[tuple[str, Decimal | int]]]:
    """How many were found of each value of a column, the most first."""

    def counted(window: Window) -> Sequence[tuple[str, Decimal | int]]:
        rows = found(window).order_by().values_list(column).annotate(n=SqlCount("pk"))
        return sorted(((word(value), n) for value, n in rows), key=lambda one: (-one[1], one[0]))[:20]

    return counted


def by_month(window: Window) -> Sequence[tuple[str, Decimal | int]]:
    """How many were found each month."""
    rows = (
        found(window).order_by().annotate(month=TruncMonth("found_on")).values_list("month").annotate(n=SqlCount("pk"))
    )
    return [(f"{month.month} 月", n) for month, n in sorted(rows)]


SPANS = ((3, "3 天以内"), (7, "7 天以内"), (15, "15 天以内"), (30, "30 天以内"), (10**6, "30 天以上"))


def by_days(window: Window) -> Sequence[tuple[str, Decimal | int]]:
    """How long what was closed had been there."""
    rest = list(closed(window).order_by().values_list("days", flat=True))
    counted, low = [], -1
    for most, word in SPANS:
        counted.append((word, sum(low < (days or 0) <= most for days in rest)))
        low = most
    return counted


BREAKDOWNS = [
    Breakdown("safety.by_field", "隐患分类", "safety.found", _by("field", lambda value: str(Field(value).label))),
    Breakdown("safety.by_grade", "隐患等级", "safety.found", _by("grade", lambda value: str(Grade(value).label))),
    Breakdown(
        "safety.by_place",
        "隐患最多的地方",
        "safety.found",
        _by("place__path", lambda value: str(value).rpartition("/")[2]),
    ),
    Breakdown("safety.by_month", "各月查出隐患", "safety.found", by_month),
    Breakdown("safety.by_days", "销号用了多久", "safety.gone", by_days),
]


def _standing(state: State) -> Callable[[date], Any]:
    return lambda today: Hazard.objects.filter(state=state)


def _to_fix(today: date) -> Any:
    return Hazard.objects.filter(state__in=(State.OPEN, State.DOING), due_on__gte=today)


DUES = [
    Due("safety.major_open", "重大隐患没销号", "safety.oversee", lambda today: Hazard.objects.standing().filter(grade=Grade.MAJOR), "先防护、再整改，每天过问；该上报的上报。", "bad", by="due_on",
        opens="waiting=major", problem="还有{n}处重大隐患没有销号。"),
    Due("safety.overdue", "隐患逾期", "safety.fix_hazard", lambda today: Hazard.objects.overdue(today), "期限已过：今天就改，改不了的把人撤开、围起来。", "bad", by="due_on", opens="waiting=overdue",
        problem="还有{n}处隐患过了期限没有销号。"),
    Due("safety.unassigned", "隐患还没定人", "safety.assign_hazard", _standing(State.NEW), "定下谁改、怎么改、花多少、哪天以前、没改好怎么防护。", "warn", by="due_on", opens="state=new"),
    Due("safety.to_fix", "归我整改的隐患", "safety.fix_hazard", _to_fix, "改好了拍照报上来，请别人复查。", "info", by="due_on", opens="waiting=to_fix"),
    Due("safety.to_recheck", "等复查", "safety.recheck_hazard", _standing(State.FIXED), "到现场看，拍一张照，合格才销号；整改的人不能自己复查。", "warn", by="due_on", opens="state=fixed"),
]  # fmt: skip
for _due in DUES:
    if _due.problem:
        FIGURES.append(_due.figure("处"))
        STATEMENTS.append(_due.statement("处"))
