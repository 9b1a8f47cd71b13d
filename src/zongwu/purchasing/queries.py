"""Reads of purchasing: limits, like purchases of the year, what to look at before buying, the file's list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Avg, Count, Sum

from zongwu.assets.queries import idle_in_words
from zongwu.kernel.accounts import Person
from zongwu.kernel.amounts import format_yuan, plain_quantity
from zongwu.kernel.approvals.models import Decision, DocumentState, Said
from zongwu.kernel.approvals.prescribed import Duty
from zongwu.kernel.search import Findable
from zongwu.purchasing import rules
from zongwu.purchasing.models import Acceptance, Order, OrderLine, Purchase, SupplierRecord
from zongwu.purchasing.rules import Limits
from zongwu.school.models import Supplier
from zongwu.school.settings import setting
from zongwu.stores.queries import in_stock

_HUNAN = "《湖南省政府集中采购目录及政府采购限额标准（2025年版）》，市县自定"
_OWN = "学校采购管理办法，学校自定"
COMPARE = setting("purchasing.compare_from", "比价（货比三家）起点（元）", "1000", source=_OWN)
INQUIRY = setting("purchasing.inquiry_from", "询价（三家书面报价）起点（元）", "5000", source=_OWN)
GOVERNMENT = setting("purchasing.government_from", "政府采购限额标准：货物（元）", "300000", source=_HUNAN)
TENDER = setting("purchasing.tender_from", "公开招标数额标准：货物和服务（元）", "2000000", source=_HUNAN)
QUOTES = setting("purchasing.quotes", "比价和询价至少几家", "3", source="货比三家；政府采购法第四十条")
GOODS_MEMBERS = setting("purchasing.members_goods", "物品验收至少几人", "2", source=_OWN)
EQUIPMENT_MEMBERS = setting("purchasing.members_equipment", "设备验收至少几人", "3", source=_OWN)


def limits(on: date) -> Limits:
    """The thresholds in force on a day."""
    return Limits(COMPARE.on(on), INQUIRY.on(on), GOVERNMENT.on(on), TENDER.on(on))


def alike(purchase: Purchase, on: date) -> tuple[int, Decimal]:
    """How many purchases of the same sort there were in the year besides this one, and what they come to (yuan)."""
    states = (DocumentState.RUNNING, DocumentState.APPROVED)
    rows = Purchase.objects.filter(sort=purchase.sort, state__in=states, applied_on__year=on.year).exclude(
        pk=purchase.pk
    )
    found = rows.aggregate(n=Count("pk"), total=Sum("amount", default=0))
    return found["n"], found["total"]


class Look(NamedTuple):
    """One line of 先看一眼: how it stands, in a sentence."""

    tone: str
    sentence: str


def first_look(purchase: Purchase, on: date) -> list[Look]:
    """What to know before buying: budget, what is idle or in stock already, like purchases of the year."""
    found = []
    if purchase.budget is not None:
        own = purchase.amount if purchase.state in (DocumentState.RUNNING, DocumentState.APPROVED) else Decimal(0)
        left = purchase.budget.left + own
        enough = left >= purchase.amount and (
            purchase.budget.year == on.year or purchase.state == DocumentState.APPROVED
        )
        found.append(
            Look(
                "ok" if enough else "bad",
                f"预算「{purchase.budget.name}」还剩 {format_yuan(left)} 元，{'够' if enough else '不够' if purchase.budget.year == on.year else f'可它是 {purchase.budget.year} 年的，请改成今年的'}。",
            )
        )
    else:
        found.append(Look("warn", "没有写预算项目。"))
    elsewhere = []
    for line in purchase.lines.order_by("seq"):
        if idle := idle_in_words(line.name):
            elsewhere.append(f"闲置：{idle}")
        elsewhere += [f"库里有 {item} {plain_quantity(many)} {item.unit}" for item, many in in_stock(line.name)]
    found += [Look("warn", f"{one}。") for one in dict.fromkeys(elsewhere)] or [
        Look("ok", "库里没有可替代的，别处也没有闲置。")
    ]
    many, total = alike(purchase, on)
    over = rules.crossed(limits(on), total, purchase.amount)
    if many:
        words = (
            f"今年「{purchase.get_sort_display()}」已有 {many} 单，连这一单共 {format_yuan(total + purchase.amount)} 元"
        )
        found.append(
            Look(
                "warn" if over else "ok",
                f"{words}，{f'合起来超过{over}，不要化整为零' if over else '没到下一档'}。",
            )
        )
    return found


class Paper(NamedTuple):
    """One thing that belongs into the file of a purchase, and whether it is there."""

    label: str
    done: bool
    where: str = ""


def papers_of(purchase: Purchase, on: date) -> list[Paper]:
    """The file list (附件袋): what the bookkeeper will ask for, green item by item."""
    orders = list(purchase.orders.all())
    accepted = list(Acceptance.objects.filter(order__in=orders, state=DocumentState.APPROVED))
    found = [Paper("采购申请批准", purchase.state == DocumentState.APPROVED, purchase.number)]
    if purchase.method in rules.QUOTED:
        many = purchase.quotes.count()
        found.append(Paper(f"报价 {int(QUOTES.on(on))} 家", many >= QUOTES.on(on), f"{many} 家"))
        found.append(Paper("定供应商", purchase.chosen is not None, str(purchase.chosen or "")))
    if purchase.method in rules.OUTSIDE:
        found.append(
            Paper(f"{purchase.get_method_display()}编号", bool(purchase.tender_number), purchase.tender_number)
        )
    found.append(Paper("订单或合同", bool(orders), "、".join(one.contract_number or one.number for one in orders)))
    found.append(
        Paper(
            "验收单", bool(accepted) and all(one.closed_on for one in orders), "、".join(one.number for one in accepted)
        )
    )
    booked = [one.slip.number for one in accepted if one.slip]
    if purchase.lines.filter(becomes="stock").exists():
        found.append(Paper("入库单", bool(booked) and all(one.closed_on for one in orders), "、".join(booked)))
    invoices = [
        one for one in {*(order.invoice_number for order in orders), *(one.invoice_number for one in accepted)} if one
    ]
    found.append(Paper("发票", bool(invoices), "、".join(sorted(invoices))))
    return found


def members_needed(order: Order, on: date) -> int:
    """How many have to accept: for equipment and furniture three, else two (both are settings)."""
    equipment = order.lines.filter(line__becomes="cards").exists()
    return int((EQUIPMENT_MEMBERS if equipment else GOODS_MEMBERS).on(on))


def bought_before(name: str) -> Any:
    """What was ordered under this name, the latest first: supplier, day, price."""
    return (
        OrderLine.objects.filter(line__name=name)
        .select_related("order__supplier", "line")
        .order_by("-order__ordered_on", "-id")
    )


def score_of(supplier: Supplier) -> dict[str, Any]:
    """How a supplier's deliveries were judged on average, of five."""
    return SupplierRecord.objects.filter(supplier=supplier).aggregate(
        n=Count("pk"), on_time=Avg("on_time"), quality=Avg("quality"), service=Avg("service")
    )


def of_person(person: Person) -> str:
    """What somebody who buys leaves behind."""
    many = Order.objects.open().filter(buyer=person).count()
    return f"有 {many} 张订单没有收齐" if many else ""


def of_supplier(supplier: Supplier) -> str:
    many = Order.objects.open().filter(supplier=supplier).count()
    return f"有 {many} 张订单没有收齐" if many else ""


def approved_by(purchase: Purchase, person: Person) -> bool:
    """Whether this person agreed to the request."""
    signed = Decision.objects.filter(case__object_kind=Purchase.kind, case__object_id=purchase.pk, person=person)
    return bool(signed.filter(said=Said.AGREED, stage__duty__in=(Duty.APPROVE, Duty.CONFIRM)).exists())


def why_not_lowest(purchase: Purchase, supplier: int) -> str:
    """The reason that lies at hand: all who ask less do not meet the demands. Empty where somebody asks less and does."""
    quotes = list(purchase.quotes.select_related("supplier"))
    taken = next((one for one in quotes if one.supplier_id == supplier), None)
    cheaper = [one for one in quotes if taken and one.total < taken.total]
    if taken is None or not cheaper or any(one.fit for one in cheaper):
        return ""
    demands = {str(one.pk): one.name for one in purchase.demands.all()}
    lacks = [
        f"{one} {'、'.join(demands[pk] for pk, (_, fits) in one.answers.items() if not fits and pk in demands)}不合要求"
        for one in cheaper
    ]
    return f"{'；'.join(lacks)}；{taken} 是合格报价里最低的。"


def findable(ids: Sequence[int] | None) -> Iterable[Findable]:
    """What the search knows of requests."""
    rows = Purchase.objects.exclude(state=DocumentState.DROPPED)
    rows = rows if ids is None else rows.filter(pk__in=ids)
    for pk, number, title, reason in rows.values_list("pk", "number", "title", "reason").iterator(chunk_size=2000):
        yield Findable(pk, title, number, title, (number, reason))
