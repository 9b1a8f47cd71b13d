"""What of purchasing is approved: a request by its amount, and a delivery by those who looked at it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from zongwu.kernel.amounts import format_yuan, plain_price, plain_quantity
from zongwu.kernel.approvals.conditions import Ask
from zongwu.kernel.approvals.matters import Matter, Party, RouteDraft, StageDraft, register
from zongwu.kernel.approvals.prescribed import Duty, Mode
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.purchasing import steps
from zongwu.purchasing.models import (
    Acceptance,
    AcceptanceLine,
    AcceptanceMember,
    Demand,
    Method,
    Purchase,
    PurchaseLine,
    Quote,
    Sort,
)


def _load(pk: int) -> Any:
    purchase: Any = Purchase.objects.select_related("applicant", "department", "budget", "chosen__supplier").get(pk=pk)
    purchase.listed = list(PurchaseLine.objects.filter(purchase=pk).order_by("seq"))
    purchase.asked = list(Quote.objects.filter(purchase=pk).select_related("supplier").order_by("total", "id"))
    purchase.asks = list(Demand.objects.filter(purchase=pk).order_by("seq"))
    return purchase


def _offer(quote: Quote, lines: Any) -> str:
    """One quote whole, so that a signature covers every price of it."""
    prices = "、".join(plain_price(quote.price_of(line)) for line in lines)
    answers = "、".join(f"{answer}{'' if fits else '（不合格）'}" for answer, fits in quote.answers.values())
    return f"{quote.supplier} {format_yuan(quote.total)}：单价 {prices}；送货 {format_yuan(quote.delivery)}{f'；{answers}' if answers else ''}"


def _shown(purchase: Any) -> Mapping[str, Any]:
    return {
        "事由": purchase.reason, "类别": purchase.get_sort_display(), "申请部门": purchase.department or "", "预算项目": purchase.budget or "",
        "需要日期": purchase.needed_on or "", "采购方式": purchase.get_method_display(), "金额": format_yuan(purchase.amount),
        "要求": [f"{one.name} {one.wanted}" for one in purchase.asks],
        "报价": [_offer(one, purchase.listed) for one in purchase.asked],
        "中选": purchase.chosen.supplier if purchase.chosen else "", "不选最低价的理由": purchase.why, "同类采购": purchase.alike,
        "lines": [
            [line.name, line.spec, f"{plain_quantity(line.quantity)} {line.unit}", plain_price(line.price), format_yuan(line.amount), line.get_becomes_display()]
            for line in purchase.listed
        ],
    }  # fmt: skip


def _from(yuan: str) -> list[dict[str, str]]:
    return [{"ask": "amount", "op": "ge", "value": yuan}]


PURCHASE = Matter(
    "purchasing.purchase", Purchase, "采购申请", light=frozenset({"事由"}),
    load=_load, shown=_shown, amount=lambda purchase: purchase.amount,
    facts=lambda purchase, on: {"amount": purchase.amount, "method": purchase.method, "sort": purchase.sort, "alike": bool(purchase.alike)},
    asks={
        "amount": Ask("金额（元）"), "method": Ask("采购方式", "choice", dict(Method.choices)), "sort": Ask("类别", "choice", dict(Sort.choices)),
        "alike": Ask("同类合计超过下一档", "flag"),
    },
    approved=lambda ctx, purchase: None, outcome="purchase.approved", batch=True,
    routes=[
        RouteDraft(
            "采购申请",
            [
                StageDraft("总务主任", Mode.ONE, Duty.CONFIRM, ["role:head"], signed=True, days=3),
                StageDraft("预算核对", Mode.ONE, Duty.BOOKKEEP, ["role:bookkeeper"], when=_from("1000"), days=3),
                StageDraft("校长审批", Mode.ONE, Duty.APPROVE, ["role:principal"], when=_from("5000"), signed=True, days=3),
                StageDraft("校长办公会", Mode.MEETING, Duty.APPROVE, ["role:principal"], when=_from("20000"), days=15),
            ],
            source="学校采购管理办法：先申请、核预算、按金额审批，大额上会（三重一大）；数额按学校规定在这里改",
        ),
    ],
)  # fmt: skip


def _load_delivery(pk: int) -> Any:
    links = (
        "applicant",
        "place",
        "order__supplier",
        "order__buyer",
        "order__purchase__budget",
        "order__purchase__department",
    )
    delivery: Any = Acceptance.objects.select_related(*links).get(pk=pk)
    delivery.listed = list(
        AcceptanceLine.objects.filter(acceptance=pk).select_related("line__line").order_by("line__seq")
    )
    delivery.people = [
        one.person
        for one in AcceptanceMember.objects.filter(acceptance=pk).select_related("person").order_by("person_id")
    ]
    return delivery


def _shown_of_delivery(delivery: Any) -> Mapping[str, Any]:
    return {
        "订单": delivery.order, "供应商": delivery.order.supplier, "采购人": delivery.order.buyer, "验收日期": delivery.accepted_on, "放到哪里": delivery.place or "",
        "外观": delivery.looks, "质量和功能": delivery.works, "问题和处理": delivery.problems, "发票号": delivery.invoice_number, "验收金额": format_yuan(delivery.value),
        "验收人": delivery.people,
        "lines": [
            [str(one.line.line), f"订 {plain_quantity(one.line.quantity)} {one.line.line.unit}", f"到 {plain_quantity(one.arrived)}", f"合格 {plain_quantity(one.accepted)}", one.note]
            for one in delivery.listed
        ],
    }  # fmt: skip


def _not_the_buyer(ctx: Ctx, delivery: Any) -> None:
    """:raises Refused: the buyer is about to sign for what he bought himself."""
    if ctx.person is not None and ctx.person.pk == delivery.order.buyer_id:
        raise Refused(f"{delivery.order.buyer} 是采购人，不能验收自己买的东西，请转交给别人。")


def _members(delivery: Any, on: date) -> list[Any]:
    return list(delivery.people)


DELIVERY = Matter(
    "purchasing.delivery", Acceptance, "到货验收",
    load=_load_delivery, shown=_shown_of_delivery, amount=lambda delivery: Decimal(delivery.value), facts=lambda delivery, on: {"amount": delivery.value},
    asks={"amount": Ask("验收金额（元）")}, parties={"members": Party("验收人", _members)},
    approved=steps.take_delivery, checked=_not_the_buyer, outcome="delivery.accepted",
    routes=[
        RouteDraft("到货验收", [StageDraft("验收", Mode.ALL, Duty.RECEIVE, ["party:members"], joint=True, signed=True, days=5)],
                   source="政府采购法第四十一条：验收成员在验收书上签字并承担责任；采购和验收分开"),
    ],
)  # fmt: skip

register(PURCHASE, DELIVERY)
