"""Something was broken or lost: it is reported, the amount is settled with whoever answers for it, and paid."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from zongwu.assets import rules, steps
from zongwu.assets.actions.cards import on_books
from zongwu.assets.models import EXACT_ENOUGH, Asset, Damage, Payment, Price
from zongwu.assets.routes import SMALL_REPAIR, WEAR_FLOOR
from zongwu.kernel import numbering
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.amounts import round_yuan, to_fen
from zongwu.kernel.approvals import submitting
from zongwu.kernel.approvals.models import Decision, DocumentState, Said
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.school.models import Place, SchoolClass

REPORT = "assets.report_damage"
PRICES = "assets.set_price"
SERIES = "PC"
Cause, Remedy = Damage.Cause, Damage.Remedy
LOOK_BACK, MOST = timedelta(days=366), Decimal(10**9)


@create_action(Damage, label="报损坏", permission=REPORT, icon="alert-triangle", starts_from=("asset",), narrows=True)
def report_damage(
    ctx: Ctx, *, happened_on: date, cause: str, remedy: str, confirmed: bool = False, **said: Any
) -> Damage:  # fmt: skip
    """A report with its amount; what may be said is what `_write` takes.

    :raises Refused: nobody answers for what did not wear out, nothing says what it is worth, or part of a card is written off.
    """
    if ctx.person is None:
        raise Refused("损坏要由人来报。")
    if said.get("asset") and not confirmed:
        others = Damage.objects.filter(asset=said["asset"]).exclude(
            state__in=(DocumentState.DROPPED, DocumentState.REFUSED)
        )
        if before := others.order_by("-id").first():  # its number only: who answers for it is not for everybody
            raise NeedsConfirmation(
                f"这件东西已经有一张单子 {before.number}（{before.get_state_display()}），请确认这是另一次损坏。"
            )
    number = numbering.take(ctx.school.pk, SERIES, ctx.today.year)[0]
    damage = Damage(school=ctx.school, number=number, applicant=ctx.person, applied_on=ctx.today)
    _write(ctx, damage, happened_on=happened_on, cause=cause, remedy=remedy, **said)
    _journal(ctx, damage, "damage.reported")
    return damage


@action(
    Damage,
    label="改单子",
    permission=REPORT,
    available=submitting.may_change,
    refusal="{row} 已经送签，要改请先撤回。",
    icon="edit",
)
def revise_damage(ctx: Ctx, damage: Damage, **said: Any) -> Damage:
    """Other words or another amount, as long as nobody has it for signing."""
    submitting.own(ctx, damage)
    before = to_fen(damage.amount)
    _write(ctx, damage, **said)
    _journal(ctx, damage, "damage.revised", change={"amount_fen": [before, to_fen(damage.amount)]})
    return damage


def _write(
    ctx: Ctx, damage: Damage, *, happened_on: date, cause: str, remedy: str, asset: Asset | None = None, item: Price | None = None, what: str = "",
    quantity: Decimal = Decimal(1), payer: Person | None = None, payer_class: SchoolClass | None = None, cost: Decimal | None = None, account: str = "",
    place: Place | None = None,
) -> None:  # fmt: skip
    """`cost` is what the repair or the new thing cost, yuan; without it the price list or the books say it."""
    damage.asset, damage.item, damage.quantity, damage.happened_on = asset, item, quantity, happened_on
    damage.cause, damage.remedy, damage.account, damage.cost = cause, remedy, account, cost
    damage.payer, damage.payer_class = payer, payer_class
    damage.place = place or (asset.place if asset else None) or (payer_class.room if payer_class else None)
    damage.what = what or (asset.name if asset else item.name if item else "")
    wrong = _wrong(ctx, damage)
    if wrong:
        raise Refused(fields=wrong)
    _reckon(damage)
    damage.title = f"{damage.what}{damage.get_cause_display()}" + (f"，{damage.answers}" if damage.answers else "")
    damage.save()


def _wrong(ctx: Ctx, damage: Damage) -> dict[str, str]:
    wrong, asset = {}, damage.asset
    if not damage.what:
        wrong["what"] = "请选资产或价目，或者写坏了什么。"
    if not ctx.today - LOOK_BACK <= damage.happened_on <= ctx.today:
        wrong["happened_on"] = "日期不能在今天以后，也不能早于一年前。"
    if damage.cause not in Cause.values:
        wrong["cause"] = "请选正常损耗、使用不当、故意损坏或丢失。"
    if damage.remedy not in Remedy.values:
        wrong["remedy"] = "请选怎么处理。"
    if damage.item and damage.item.closed_on:
        wrong["item"] = f"「{damage.item}」已经停用，请选别的价目或填价款。"
    if damage.payer and damage.payer_class:
        wrong["payer_class"] = "责任人和责任班级只填一个。"
    if damage.cause != Cause.WEAR and not (damage.payer or damage.payer_class):
        wrong["payer"] = "不是正常损耗，要写责任人或责任班级。"
    if damage.quantity <= 0:
        wrong["quantity"] = "数量要大于 0。"
    if damage.cost is not None and not 0 <= damage.cost < MOST:
        wrong["cost"] = "修理费或价款按元填，不能是负数。"
    if asset is not None and not on_books(asset):
        wrong["asset"] = f"{asset} 已经不在台账上了。"
    elif asset is not None and damage.quantity > asset.quantity:
        wrong["quantity"] = f"这张卡片只有 {asset.quantity.normalize():f} {asset.unit}。"
    if damage.remedy == Remedy.WRITE_OFF and asset is None:
        wrong["asset"] = "报损的要选台账上的资产；不在台账上的选「原样赔或换新」。"
    elif damage.remedy == Remedy.WRITE_OFF and asset is not None and damage.quantity != asset.quantity:
        wrong["remedy"] = (
            f"这张卡片有 {asset.quantity.normalize():f} {asset.unit}，报损只能整张报；坏一部分请选「学校修」或「原样赔或换新」。"
        )
    return wrong


def _reckon(damage: Damage) -> None:
    """What is paid: the bill, else the price list, else the book price less normal wear. Wilful damage is paid in full."""
    asset, repairs = damage.asset, damage.remedy in (Remedy.CLASS_REPAIR, Remedy.SCHOOL_REPAIR)
    damage.wear = Decimal(0)
    if damage.cost is not None:
        damage.full = damage.cost
    elif damage.item is not None:
        damage.full = damage.item.price * damage.quantity
    elif asset is not None and not repairs:
        damage.full = rules.part(asset.value, damage.quantity, asset.quantity)
        if damage.cause != Cause.WILFUL and asset.life_months and asset.acquired_on and asset.precision in EXACT_ENOUGH:
            used = rules.month_index(damage.happened_on) - rules.month_index(asset.acquired_on)
            damage.wear = rules.worn(damage.full, used, asset.life_months, WEAR_FLOOR.on(damage.happened_on))
    elif damage.cause != Cause.WEAR:
        raise Refused(fields={"cost": "价目上没有，也不是整件赔，请填修理费或价款。"})
    damage.full = round_yuan(Decimal(damage.full))
    if damage.full >= MOST:
        raise Refused(fields={"quantity": "数量乘单价大得不像真的，请核对。"})
    damage.amount = Decimal(0) if damage.cause == Cause.WEAR else damage.full - damage.wear
    limit = SMALL_REPAIR.on(damage.happened_on)
    if damage.remedy == Remedy.CLASS_REPAIR and damage.full > limit:
        raise Refused(fields={"remedy": f"{damage.full:,.2f} 元超过班级自修的限额 {limit:,.2f} 元，请选「学校修」。"})


def _journal(ctx: Ctx, damage: Damage, verb: str, **more: object) -> None:
    ctx.journal(
        damage, verb, cause=damage.cause, amount_fen=to_fen(damage.amount), remedy=damage.remedy, detail={"经过": damage.account},
        also=[(damage.asset, "asset"), (damage.payer, "payer"), (damage.payer_class, "payer")], **more,
    )  # fmt: skip


@action(
    Damage,
    label="送签",
    permission=REPORT,
    available=submitting.may_change,
    refusal="{row} 已经送签了。",
    icon="send",
    primary=True,
)
def submit_damage(ctx: Ctx, damage: Damage, *, signature: str = "", device: str = "") -> Damage:
    """Send it to whoever answers for it and to the office.

    :raises Refused: the thing has been struck off meanwhile.
    """
    submitting.own(ctx, damage)
    if wrong := _wrong(ctx, damage):
        raise Refused(*wrong.values())
    case = submitting.begin(ctx, damage, signature=signature, device=device)
    ctx.journal(
        damage,
        "damage.submitted",
        route=case.route,
        amount_fen=to_fen(damage.amount),
        content=case.hash,
        also=[(case, "case")],
    )
    return damage


@action(Damage, label="作废", permission=REPORT, available=submitting.may_change, refusal="{row} 已经送签，要作废请先撤回。", icon="ban",
        confirm="作废后这张单子不再办。")  # fmt: skip
def drop_damage(ctx: Ctx, damage: Damage, *, reason: str = "") -> Damage:
    """Give up a report. The number stays used."""
    submitting.give_up(ctx, damage)
    ctx.journal(damage, "damage.dropped", detail={"原因": reason})
    return damage


def owing(damage: Damage) -> bool:
    return damage.state == DocumentState.APPROVED and damage.paid < damage.amount


@action(Damage, label="收赔款", permission="assets.take_payment", icon="coin", primary=True, available=owing,
        refusal="{row} 没有要收的赔款：还没有签完，或者已经赔清了。")  # fmt: skip
def take_payment(ctx: Ctx, damage: Damage, *, amount: Decimal, on: date, receipt_number: str) -> Damage:
    """Money comes in and a receipt is given; several payments until it is paid off.

    :raises Refused: more than is owed, a day that has not come, or a receipt that was given for something else.
    """
    _disinterested(ctx, damage)
    wrong = {}
    if amount > damage.left:
        wrong["amount"] = f"还差 {damage.left:,.2f} 元，不能多收。"
    if amount <= 0:
        wrong["amount"] = "金额要大于 0。"
    if on > ctx.today or (damage.ended_on and on < damage.ended_on):
        wrong["on"] = f"日期要在签完（{damage.ended_on}）到今天之间。"
    if Payment.objects.filter(receipt_number=receipt_number).exists():
        wrong["receipt_number"] = "这个收据号已经用过了，请核对。"
    if wrong:
        raise Refused(fields=wrong)
    payment = Payment.objects.create(
        school=ctx.school, damage=damage, amount=amount, on=on, receipt_number=receipt_number
    )
    damage.paid += amount
    damage.paid_on = on if damage.paid == damage.amount else None
    damage.save(update_fields=["paid", "paid_on"])
    steps.take_money(ctx, payment)
    ctx.journal(
        damage,
        "damage.paid",
        amount_fen=to_fen(amount),
        on=on,
        also=[(payment, "payment")],
        detail={"收据": receipt_number},
    )
    return damage


def _disinterested(ctx: Ctx, damage: Damage) -> None:
    """:raises Refused: whoever owes it or settled the amount would handle the money."""
    if ctx.person is not None and ctx.person.pk == damage.payer_id:
        raise Refused("自己的赔款请别人来办。")
    signed = Decision.objects.filter(
        case__object_kind=Damage.kind, case__object_id=damage.pk, person=ctx.person, said=Said.AGREED
    )
    if signed.exists():
        raise Refused("核定金额的人不经手这笔钱，请会计或另一位来办。")


@action(Damage, label="作废收据", permission="assets.take_payment", icon="ban", available=lambda damage: damage.paid > 0,
        refusal="{row} 还没有收过款。", confirm="这笔收款作废，收据要收回；赔款又算没有收。")  # fmt: skip
def cancel_payment(ctx: Ctx, damage: Damage, *, receipt_number: str, reason: str) -> Damage:
    """A receipt was written wrongly, or the money goes back: the payment stays on record, and does not count any more.

    :raises Refused: no such receipt of this damage.
    """
    _disinterested(ctx, damage)
    payment = damage.payments.filter(receipt_number=receipt_number.strip(), cancelled_on=None).first()
    if payment is None:
        raise Refused(fields={"receipt_number": "这张单子没有这个收据号，或者已经作废了。"})
    payment.cancelled_on = ctx.today
    payment.save(update_fields=["cancelled_on"])
    damage.paid, damage.paid_on = damage.paid - payment.amount, None
    damage.save(update_fields=["paid", "paid_on"])
    steps.take_money(ctx, payment)
    ctx.journal(
        damage, "damage.unpaid", amount_fen=to_fen(payment.amount), also=[(payment, "payment")], detail={"收据": receipt_number, "原因": reason},
    )  # fmt: skip
    return damage


@create_action(Price, label="添价目", permission=PRICES, icon="plus", primary=True)
def add_price(ctx: Ctx, *, name: str, unit: str, price: Decimal) -> Price:
    """A line more on the price list."""
    if Price.objects.filter(name=name, closed_on=None).exists():
        raise Refused(fields={"name": f"「{name}」已经在价目上了，请改那一条。"})
    _worth(price)
    made: Price = Price.objects.create(school=ctx.school, name=name, unit=unit, price=price)
    ctx.journal(made, "price.added", price_fen=to_fen(price))
    return made


def in_force(price: Price) -> bool:
    return price.closed_on is None


@action(
    Price, label="改价", permission=PRICES, icon="edit", primary=True, available=in_force, refusal="{row} 已经停用了。"
)
def change_price(ctx: Ctx, row: Price, *, price: Decimal) -> Price:
    """Another price from now on; what was settled keeps its own."""
    _worth(price)
    if price == row.price:
        raise Refused("没有改动：填的和现在一样。")
    old, row.price = row.price, price
    row.save(update_fields=["price"])
    ctx.journal(row, "price.changed", price_fen=to_fen(price), change={"price_fen": [to_fen(old), to_fen(price)]})
    return row


@action(Price, label="停用", permission=PRICES, icon="ban", available=in_force, refusal="{row} 已经停用了。")
def close_price(ctx: Ctx, row: Price) -> Price:
    """It is not offered any more."""
    row.closed_on = ctx.today
    row.save(update_fields=["closed_on"])
    ctx.journal(row, "price.closed", on=ctx.today)
    return row


def _worth(price: Decimal) -> None:
    if not 0 < price < 10**7:
        raise Refused(fields={"price": "单价要大于 0，按元填。"})
