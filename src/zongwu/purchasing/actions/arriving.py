"""What was approved is ordered; what comes is looked at by people who did not buy it, and booked with their last signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from zongwu.kernel import attachments, numbering
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.amounts import plain_quantity, round_yuan, to_fen
from zongwu.kernel.approvals import submitting
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.attachments import Kept
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, Refused
from zongwu.purchasing import queries, rules, steps
from zongwu.purchasing.actions.asking import BUY
from zongwu.purchasing.models import (
    Acceptance,
    AcceptanceLine,
    AcceptanceMember,
    Licence,
    Order,
    OrderLine,
    Purchase,
    SupplierRecord,
)
from zongwu.school.models import Place, Supplier
from zongwu.stores.queries import main_store

ACCEPT = "purchasing.accept_delivery"


class Arrived(NamedTuple):
    """Of one ordered line: how much came, how much of it is good."""

    arrived: Decimal
    accepted: Decimal
    note: str = ""


@action(Purchase, label="下单", permission=BUY, icon="truck", primary=True,
        available=lambda purchase: purchase.state == DocumentState.APPROVED and purchase.closed_on is None and not purchase.orders.exists(),
        refusal="{row} 还没有批下来，或者已经下单了。")  # fmt: skip
def place_order(
    ctx: Ctx, purchase: Purchase, *, supplier: Supplier | None = None, ordered_on: date, due_on: date | None = None, contract_number: str = "", tender_number: str = "",
) -> Order:  # fmt: skip
    """Order what was approved, at the prices of the quote that was taken; where there was none, at the approved ones.

    :raises Refused: another supplier than the chosen one, no number of a method outside the school, or the buyer approved it himself.
    """
    if ctx.person is None:
        raise Refused("下单要由人来办。")
    _apart(ctx.person, purchase)
    chosen = purchase.chosen
    if chosen is not None and supplier is not None and supplier.pk != chosen.supplier_id:
        raise Refused(fields={"supplier": f"批的是 {chosen.supplier}，换一家要重新审批。"})
    seller = chosen.supplier if chosen else supplier
    wrong = {}
    if seller is None:
        wrong["supplier"] = "请选供应商。"
    if purchase.method in rules.OUTSIDE and not (tender_number or purchase.tender_number):
        wrong["tender_number"] = f"{purchase.get_method_display()}要填招标或项目编号。"
    if ordered_on > ctx.today:
        wrong["ordered_on"] = "下单日期不能在今天以后。"
    if due_on is not None and due_on < ordered_on:
        wrong["due_on"] = "到货日期不能早于下单。"
    if wrong or seller is None:
        raise Refused(fields=wrong)
    lines = list(purchase.lines.order_by("seq"))
    prices = {line.pk: chosen.price_of(line) if chosen else line.price for line in lines}
    order = Order(
        school=ctx.school, number=numbering.take(ctx.school.pk, "DD", ctx.today.year)[0], purchase=purchase, supplier=seller, buyer=ctx.person,
        ordered_on=ordered_on, due_on=due_on, contract_number=contract_number, title=f"{seller}：{purchase.title.removeprefix('采购')}"[:120],
        amount=sum((round_yuan(line.quantity * prices[line.pk]) for line in lines), chosen.delivery if chosen else Decimal(0)),
    )  # fmt: skip
    if order.amount > purchase.amount:
        raise Refused(f"订单 {order.amount:,.2f} 元超过了批准的 {purchase.amount:,.2f} 元，要重新申请。")
    order.save()
    OrderLine.objects.bulk_create(
        OrderLine(
            school=ctx.school, order=order, line=line, seq=line.seq, quantity=line.quantity, price=prices[line.pk]
        )
        for line in lines
    )
    purchase.tender_number = tender_number or purchase.tender_number
    purchase.save(update_fields=["tender_number"])
    ctx.journal(
        order,
        "order.placed",
        amount_fen=to_fen(order.amount),
        supplier=seller,
        also=[(purchase, "ordered"), (seller, "supplier")],
    )
    return order


def _apart(person: Person, purchase: Purchase) -> None:
    """:raises Refused: whoever approved it does not buy it (不相容岗位)."""
    if queries.approved_by(purchase, person):
        raise Refused("批准采购的人不能自己去买，请由别人下单。")


@action(Order, label="登记合同和发票", permission=BUY, icon="file-invoice")
def note_papers(ctx: Ctx, order: Order, *, contract_number: str = "", invoice_number: str = "") -> Order:
    """Number of the contract and of the invoice, when they are there."""
    if (contract_number, invoice_number) == (order.contract_number, order.invoice_number):
        raise Refused("没有改动：填的和现在一样。")
    order.contract_number, order.invoice_number = contract_number, invoice_number
    order.save(update_fields=["contract_number", "invoice_number"])
    ctx.journal(
        order,
        "order.papers",
        detail={"合同号": contract_number, "发票号": invoice_number},
        also=[(order.purchase, "papers")],
    )
    return order


@action(Order, label="了结", permission=BUY, icon="ban", available=lambda order: order.closed_on is None, refusal="{row} 已经收齐或了结了。",
        confirm="没到的不再等；已经验收的不动。")  # fmt: skip
def close_order(ctx: Ctx, order: Order, *, reason: str) -> Order:
    """The rest is not coming.

    :raises Refused: a delivery is being accepted.
    """
    if order.acceptances.filter(state=DocumentState.RUNNING).exists():
        raise Refused("这张订单有验收单正在签，签完再了结。")
    order.closed_on, order.closed_because = ctx.today, reason
    order.save(update_fields=["closed_on", "closed_because"])
    steps.end_purchase(ctx, order.purchase_id)
    ctx.journal(order, "order.closed", detail={"原因": reason}, also=[(order.purchase, "ended")])
    return order


@create_action(
    Acceptance,
    label="开验收单",
    permission=ACCEPT,
    icon="package-import",
    primary=True,
    starts_from=("order",),
    narrows=True,
)
def accept_delivery(
    ctx: Ctx, *, order: Order, lines: Mapping[int, Arrived], members: Sequence[Person], accepted_on: date, place: Place | None = None, looks: str = "完好",
    works: str = "合格", problems: str = "", invoice_number: str = "", photo: Kept | None = None, signature: str = "", device: str = "",
) -> Acceptance:  # fmt: skip
    """A delivery, whole or in part, goes to those who sign for it. With the last signature it is booked.

    :raises Refused: too few members or the buyer among them; more than was ordered; another delivery of the order is being signed.
    """
    if ctx.person is None:
        raise Refused("验收要由人来办。")
    links = ("buyer", "purchase", "supplier")
    rows = Order.objects.visible_to(ctx).select_for_update(of=("self",)).select_related(*links)
    order = rows.filter(pk=order.pk).first()
    if order is None:
        raise Missing("没有这张订单，可能不归您验收。")
    ordered = {one.pk: one for one in order.lines.select_related("line").order_by("seq")}
    _sound(ctx, order, ordered, lines, members, accepted_on, place)
    value = sum((round_yuan(one.accepted * ordered[pk].price) for pk, one in lines.items()), Decimal(0))
    paper = Acceptance(
        school=ctx.school, number=numbering.take(ctx.school.pk, "YS", ctx.today.year)[0], applicant=ctx.person, applied_on=ctx.today, order=order,
        accepted_on=accepted_on, place=place, looks=looks, works=works, problems=problems, invoice_number=invoice_number, value=value,
        title=f"验收{order.title}"[:120],
    )  # fmt: skip
    paper.save()
    AcceptanceMember.objects.bulk_create(
        AcceptanceMember(school=ctx.school, acceptance=paper, person=one) for one in members
    )
    AcceptanceLine.objects.bulk_create(
        AcceptanceLine(
            school=ctx.school,
            acceptance=paper,
            line=ordered[pk],
            arrived=one.arrived,
            accepted=one.accepted,
            note=one.note[:60],
        )
        for pk, one in lines.items()
    )
    if invoice_number and not order.invoice_number:
        Order.objects.filter(pk=order.pk).update(invoice_number=invoice_number)
    if photo is not None:  # part of what is signed
        attachments.hang(paper, photo, ctx.now)
    case = submitting.begin(ctx, paper, signature=signature, device=device)
    paper.state = DocumentState.RUNNING
    ctx.journal(
        paper, "delivery.looked_at", value_fen=to_fen(value), content=case.hash, also=[(order, "delivered"), (order.purchase, "delivered"), (case, "case")],
        detail={"问题和处理": problems},
    )  # fmt: skip
    return paper


def _sound(
    ctx: Ctx,
    order: Order,
    ordered: Mapping[int, OrderLine],
    lines: Mapping[int, Arrived],
    members: Sequence[Person],
    accepted_on: date,
    place: Place | None,
) -> None:
    wrong: dict[str, str] = {}
    if order.closed_on is not None:
        raise Refused(f"{order} 已经收齐或了结了。")
    if order.acceptances.filter(state__in=(DocumentState.RUNNING, DocumentState.RETURNED)).exists():
        raise Refused("这张订单有一张验收单还没有签完，签完或作废以后再验下一批。")
    if not lines or not any(one.arrived for one in lines.values()):
        wrong["lines"] = "请写到了多少、合格多少。"
    over = [
        f"{ordered[pk]} 还差 {plain_quantity(ordered[pk].open)}，验收 {plain_quantity(one.accepted)} 超过了订的数"
        for pk, one in lines.items()
        if one.accepted > ordered[pk].open
    ]
    if over:
        wrong["lines"] = f"{'；'.join(over[:5])}。多出来的请退回，或者另走采购申请。"
    if worse := [str(ordered[pk]) for pk, one in lines.items() if one.accepted > one.arrived]:
        wrong["lines"] = f"合格的不能比到货的多：{'、'.join(worse[:5])}。"
    stock = any(ordered[pk].line.becomes == "stock" and one.accepted for pk, one in lines.items())
    room = place or main_store()
    if stock and (room is None or not room.is_storeroom):
        wrong["place"] = "里面有要入库的东西，请选一个库房；要放到房间的设备另开一张验收单。"
    need = queries.members_needed(order, ctx.today)
    ids = {one.pk for one in members}
    if ctx.person is not None and order.buyer_id == ctx.person.pk:
        wrong["members"] = "您是采购人，不能给自己买的东西开验收单，请总务主任或别的保管员来开。"
    elif order.buyer_id in ids:
        wrong["members"] = f"{order.buyer} 是采购人，不能验收自己买的东西。"
    elif len(ids) < need:
        wrong["members"] = f"这张订单要至少 {need} 个人验收，采购人不算，现在是 {len(ids)} 个。"
    if accepted_on > ctx.today or accepted_on < order.ordered_on:
        wrong["accepted_on"] = "验收日期要在下单以后、今天以前。"
    if wrong:
        raise Refused(fields=wrong)


@action(Acceptance, label="作废", permission=ACCEPT, available=submitting.may_change, refusal="{row} 正在签或者已经签完，要作废请先撤回。", icon="ban",
        confirm="作废后这批货要重新开验收单。")  # fmt: skip
def drop_delivery(ctx: Ctx, paper: Acceptance, *, because: str = "") -> Acceptance:
    """An acceptance that came back is dropped and made again."""
    submitting.give_up(ctx, paper)
    ctx.journal(paper, "delivery.dropped", detail={"原因": because}, also=[(paper.order, "dropped")])
    return paper


@action(Order, label="给供应商评分", permission=BUY, icon="checks", available=lambda order: order.closed_on is not None and not hasattr(order, "score"),
        refusal="{row} 还没有收齐，或者已经评过了。")  # fmt: skip
def score_supplier(ctx: Ctx, order: Order, *, on_time: int, quality: int, service: int, note: str = "") -> Order:
    """How the delivery was: on time, quality, service, each from 1 to 5."""
    if not all(1 <= one <= 5 for one in (on_time, quality, service)):
        raise Refused("每项打 1 到 5 分。")
    SupplierRecord.objects.create(
        school=ctx.school,
        supplier=order.supplier,
        order=order,
        on_time=on_time,
        quality=quality,
        service=service,
        note=note,
        scored_on=ctx.today,
    )
    ctx.journal(
        order,
        "order.scored",
        on_time=on_time,
        quality=quality,
        service=service,
        also=[(order.supplier, "scored")],
        detail={"说明": note},
    )
    return order


@create_action(
    Licence, label="登记证照", permission=BUY, icon="file-certificate", primary=True, starts_from=("supplier",)
)
def note_licence(
    ctx: Ctx, *, supplier: Supplier, name: str, number: str = "", expires_on: date | None = None
) -> Licence:
    """A licence of a supplier; a renewed one takes the place of the one of the same name."""
    if expires_on is not None and expires_on < ctx.today:
        raise Refused(fields={"expires_on": "这张证照已经过期了，请让供应商换新的。"})
    Licence.objects.filter(supplier=supplier, name=name, void=False).update(void=True)
    licence: Licence = Licence.objects.create(
        school=ctx.school, supplier=supplier, name=name, number=number, expires_on=expires_on, noted_on=ctx.today
    )
    ctx.journal(licence, "licence.noted", expires_on=expires_on, also=[(supplier, "licence")])
    return licence
