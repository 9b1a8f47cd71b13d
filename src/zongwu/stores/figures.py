"""What the storerooms say: figures, statements, breakdowns and dues. Seeds R1.15, R6.02."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from zongwu.kernel.dues import Due
from zongwu.kernel.figures import Breakdown, Count, Figure, Share, Statement, Total, Window
from zongwu.school.settings import setting
from zongwu.stores.models import Balance, Item, Move, Requisition, Slip, StockCount

EXPIRY = setting("stores.expiry_days", "提前几天提醒快过期的存货（天）", "60")


def _slips(*forms: str) -> Any:
    def rows(window: Window) -> QuerySet[Any]:
        days = (window.since, window.until)
        found: QuerySet[Any] = Slip.objects.standing().filter(form__in=forms, on__range=days)
        return found

    return rows


receipts, issues, loans = _slips("receipt"), _slips("issue"), _slips("loan")
losses = _slips("loss")


def counts(window: Window) -> QuerySet[Any]:
    """Counts whose result was approved within the window."""
    rows: QuerySet[Any] = StockCount.objects.filter(state="approved", ended_on__range=(window.since, window.until))
    return rows


def books_given(window: Window) -> QuerySet[Any]:
    """Copies that classes got within the window."""
    days = (window.since, window.until)
    rows: QuerySet[Any] = Move.objects.filter(
        slip__in=Slip.objects.standing().filter(form="issue", school_class__isnull=False, on__range=days).values("pk"),
        item__sort="book",
    )
    return rows.select_related("item", "slip")


def asked(window: Window) -> QuerySet[Any]:
    """Requisitions of the window that were handed out, or wait."""
    rows: QuerySet[Any] = Requisition.objects.filter(applied_on__range=(window.since, window.until)).exclude(
        state="dropped"
    )
    return rows


def lying(window: Window) -> QuerySet[Any]:
    """What lies there now; of a past day the statement tells."""
    rows: QuerySet[Any] = Balance.objects.lying()
    return rows


SIGNED = ~Q(ink="") | Q(confirmed=True)

FIGURES = [
    Figure("stores.receipts", "入库", "次", Count(), receipts, "本学期内的入库单；冲销的不算", opens="form=receipt&since={since}&until={until}"),
    Figure("stores.received_value", "入库金额", "元", Total("value"), receipts, "本学期内入库单的金额之和；冲销的不算"),
    Figure("stores.issues", "领用发料", "次", Count(), issues, "本学期内的领用单；冲销的不算", opens="form=issue&since={since}&until={until}"),
    Figure("stores.issued_value", "领用金额", "元", Total("value"), issues, "本学期内领用单的金额之和，按加权平均价；冲销的不算"),
    Figure("stores.issues_signed", "领用有签字的比例", "%", Share(SIGNED), issues, "本学期的领用单里，领用人签了名或凭取货码领取的比例"),
    Figure("stores.issues_classes", "其中发到班级", "次", Count(), issues, "本学期的领用单里，记在班级的", only=Q(school_class__isnull=False)),
    Figure("stores.loans", "借用", "次", Count(), loans, "本学期内的借用单；冲销的不算", opens="form=loan&since={since}&until={until}"),
    Figure("stores.lost_value", "存货报损", "元", Total("value"), losses, "本学期内报损单的金额之和"),
    Figure("stores.asked", "领用申请", "张", Count(), asked, "本学期内教职工提出的领用申请；作废的不算"),
    Figure("stores.counts", "库存盘点", "次", Count(), counts, "本学期内批准的库存盘点"),
    Figure("stores.counts_right", "账物相符的盘点", "次", Count(), counts, "本学期内批准、一种不差的库存盘点", only=Q(wrong=0)),
    Figure("stores.books_given", "发放教材", "册", Total("quantity"), books_given, "本学期内发到班级的教材册数；冲销的不算"),
    Figure("stores.kinds", "存货", "条", Count(), lying, "现在库里有的物品，一个库房一批一条", as_of=True),
    Figure("stores.value", "存货金额", "元", Total("value"), lying, "现在库里存货的金额之和，按加权平均价", as_of=True),
]  # fmt: skip

STATEMENTS = [
    Statement("stores.came", "stores", "本学期验收入库{stores.receipts}次，金额{stores.received_value}元。"),
    Statement("stores.went", "stores", "发放领用物资{stores.issues}次，金额{stores.issued_value}元，其中发到班级{stores.issues_classes}次，签字或凭码领取的占{stores.issues_signed}。", ("stores.issues",)),
    Statement("stores.books_said", "stores", "发放教材{stores.books_given}册，各班班主任签收。"),
    Statement("stores.counts_said", "stores", "库存盘点{stores.counts}次，其中账物相符{stores.counts_right}次。"),
    Statement("stores.lent_said", "stores", "办理物资借用{stores.loans}次。"),
    Statement("stores.lost_said", "stores", "报损存货{stores.lost_value}元，逐项写明原因。"),
    Statement("stores.lying_said", "stores", "现存物资{stores.kinds}条，金额{stores.value}元。"),
]  # fmt: skip


def by_department(window: Window) -> Sequence[tuple[str, Decimal | int]]:
    """What each department or class took, yuan."""
    rows = issues(window).order_by().values_list("department__name", "school_class__name").annotate(total=Sum("value"))
    totals: dict[str, Decimal] = {}
    for department, school_class, total in rows:
        name = school_class or department or "没有写明"
        totals[name] = totals.get(name, Decimal(0)) + total
    return sorted(totals.items(), key=lambda one: (-one[1], one[0]))


def by_sort(window: Window) -> Sequence[tuple[str, Decimal | int]]:
    """What was used of each sort of goods, yuan."""
    moves = Move.objects.filter(slip__in=issues(window).values("pk")).order_by()
    labels = dict(Item.Sort.choices)
    rows = moves.values_list("item__sort").annotate(total=Sum("value"))
    return sorted(((labels[code], total) for code, total in rows), key=lambda one: (-one[1], one[0]))


BREAKDOWNS = [
    Breakdown("stores.issued_by_department", "各部门各班领用金额", "stores.issued_value", by_department),
    Breakdown("stores.issued_by_sort", "领用金额分类", "stores.issued_value", by_sort),
]

DUES = [
    Due("stores.low", "到了警戒线", "stores.receive_goods", lambda today: Item.objects.low(), "库存到了警戒线，按「该补」的数去采购。", "warn",
        opens="waiting=low", problem="有{n}种物资的库存到了警戒线，需要补货。"),
    Due("stores.ready", "等着领的", "stores.issue_goods", lambda today: Requisition.objects.ready(), "已经可以发，等领用人来；按库位配好货。", "info", opens="waiting=ready"),
    Due("stores.unsigned", "领了还没签字的", "stores.sign_slip", lambda today: Slip.objects.unsigned(), "打开自己的单子，核对数量，用手指签上姓名。", "warn", opens="waiting=sign"),
    Due("stores.loans_overdue", "借的物资过期没还", "stores.issue_goods", lambda today: Slip.objects.overdue(today), "请借用人归还，或者续到新的日子。", "bad",
        by="due_on", opens="waiting=overdue", problem="还有{n}张物资借用单过期没有归还。"),
    Due("stores.expiring", "快过期的存货", "stores.correct_stock",
        lambda today: Balance.objects.expiring(today + timedelta(days=int(EXPIRY.on(today)))), "先用快过期的；已经过期的报损。", "warn", by="expires_on", opens="waiting=expiring"),
]  # fmt: skip

for _due in DUES:
    if _due.problem:
        FIGURES.append(_due.figure("种" if _due.key == "stores.low" else "张"))
        STATEMENTS.append(_due.statement("种" if _due.key == "stores.low" else "张"))
