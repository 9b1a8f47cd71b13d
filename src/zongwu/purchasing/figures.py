"""What purchasing says: figures, statements and dues. Seeds R1.04, R1.17, R2.12, R6.01."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.dues import Due
from zongwu.kernel.figures import Breakdown, Count, Figure, Statement, Total, Window
from zongwu.purchasing import rules
from zongwu.purchasing.models import Acceptance, Licence, Order, Purchase, Sort


def approved(window: Window) -> QuerySet[Any]:
    """Approved within the window."""
    days = (window.since, window.until)
    rows: QuerySet[Any] = Purchase.objects.filter(state=DocumentState.APPROVED, ended_on__range=days)
    return rows


def ordered(window: Window) -> QuerySet[Any]:
    rows: QuerySet[Any] = Order.objects.filter(ordered_on__range=(window.since, window.until))
    return rows


def accepted(window: Window) -> QuerySet[Any]:
    """Signed by everybody within the window."""
    days = (window.since, window.until)
    rows: QuerySet[Any] = Acceptance.objects.filter(state=DocumentState.APPROVED, ended_on__range=days)
    return rows


_GOVERNMENT = Q(method__in=rules.OUTSIDE)
_QUOTED = Q(method__in=rules.QUOTED)

FIGURES = [
    Figure("purchasing.approved", "采购申请批准", "张", Count(), approved, "本学期内审批通过的采购申请", opens="state=approved"),
    Figure("purchasing.approved_amount", "批准采购金额", "元", Total("amount"), approved, "本学期内审批通过的采购申请的金额之和"),
    Figure("purchasing.compared", "货比三家", "张", Count(), approved, "本学期批准的申请里，用询价或比价方式、三家报价比过的", only=_QUOTED),
    Figure("purchasing.government", "政府采购", "张", Count(), approved, "本学期批准的申请里，集中采购、框架协议和公开招标的", only=_GOVERNMENT),
    Figure("purchasing.orders", "采购订单", "张", Count(), ordered, "本学期内下的订单"),
    Figure("purchasing.ordered_amount", "订单金额", "元", Total("amount"), ordered, "本学期内下的订单的金额之和"),
    Figure("purchasing.accepted", "到货验收", "次", Count(), accepted, "本学期内签完的验收单"),
    Figure("purchasing.spent", "验收金额", "元", Total("value"), accepted, "本学期内签完的验收单上合格部分的金额之和"),
]  # fmt: skip

STATEMENTS = [
    Statement("purchasing.approved_said", "purchasing", "本学期审批采购申请{purchasing.approved}张，金额{purchasing.approved_amount}元，都先申请、后采购。"),
    Statement("purchasing.compared_said", "purchasing", "其中{purchasing.compared}张货比三家。"),
    Statement("purchasing.government_said", "purchasing", "{purchasing.government}张走政府采购程序。"),
    Statement("purchasing.accepted_said", "purchasing", "到货验收{purchasing.accepted}次，金额{purchasing.spent}元，采购和验收分开，验收人逐一签字。"),
]  # fmt: skip


def by_sort(window: Window) -> Sequence[tuple[str, Decimal | int]]:
    """What was ordered of each sort, yuan."""
    labels = dict(Sort.choices)
    rows = ordered(window).order_by().values_list("purchase__sort").annotate(total=Sum("amount"))
    return sorted(((labels[code], total) for code, total in rows), key=lambda one: (-one[1], one[0]))


BREAKDOWNS = [Breakdown("purchasing.ordered_by_sort", "采购金额分类", "purchasing.ordered_amount", by_sort)]

DUES = [
    Due("purchasing.to_order", "批了还没下单", "purchasing.buy", lambda today: Purchase.objects.to_order(), "已经批准，等着下单。", "warn", opens="waiting=order"),
    Due("purchasing.late", "过了约定还没到货", "purchasing.buy", lambda today: Order.objects.late(today), "催供应商，或者了结订单。", "bad", by="due_on", opens="waiting=late",
        problem="有{n}张采购订单过了约定日期还没有到货。"),
    Due("purchasing.licences", "供应商证照快到期", "purchasing.buy", lambda today: Licence.objects.expiring(today + timedelta(days=30)), "请供应商换新的证照，登记上。", "warn",
        by="expires_on", opens="waiting=expiring"),
]  # fmt: skip
FIGURES += [due.figure("张") for due in DUES if due.problem]
STATEMENTS += [due.statement("张") for due in DUES if due.problem]
