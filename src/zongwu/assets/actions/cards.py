"""What people do with asset cards."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from zongwu.assets import catalogue, counting, steps
from zongwu.assets.models import AT_HAND, Asset, Precision, State, ValueType
from zongwu.kernel import notify, numbering, pinyin
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.amounts import to_fen
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.school.models import Department, Place

MOST = Decimal(10**12)
"""Yuan: beyond this somebody leant on a key."""
SERIES = "ZC"


def on_books(asset: Asset) -> bool:
    return not asset.void and asset.state != State.DISPOSED


def settled(asset: Asset) -> bool:
    """On the books and on no list for disposal: what was shown to those who sign stays as it is."""
    return on_books(asset) and asset.state != State.PENDING


def at_hand(asset: Asset) -> bool:
    """In use or idle: nobody else has it."""
    return not asset.void and asset.state in AT_HAND


@create_action(Asset, label="新建资产", permission="assets.register_asset", icon="plus", primary=True)
def register_asset(
    ctx: Ctx, *, name: str, category: str, quantity: Decimal, unit_price: Decimal, acquired_on: date, number: str = "",
    **fields: Any,
) -> Asset:  # fmt: skip
    """A new card. Without a number the school's next one is drawn; depreciation starts in the month of posting."""
    _known_category(category)
    if acquired_on > ctx.today:
        raise Refused(fields={"acquired_on": "取得日期不能在今天以后。"})
    value = (quantity * unit_price).quantize(Decimal("0.01"))
    if value >= MOST:
        raise Refused(fields={"unit_price": "数量乘单价大得不像真的，请核对。"})
    number = number.strip().upper()
    if number and Asset.objects.live().filter(number=number).exists():
        raise Refused(fields={"number": f"编号 {number} 已经有了，请换一个，或留空由系统编号。"})
    if number:
        numbering.observe(ctx.school.pk, SERIES, [number])
    else:
        number = numbering.take(ctx.school.pk, SERIES, acquired_on.year)[0]
    card = Asset(
        school=ctx.school, number=number, name=name, pinyin=pinyin.sort_key(name), category=category, category_confirmed=True,
        quantity=quantity, unit_price=unit_price, value=value, acquired_on=acquired_on, posted_on=acquired_on, **fields,
    )  # fmt: skip
    steps.set_life(card)
    steps.enter_cards(ctx, [card])
    ctx.journal(
        card, "asset.registered", value_fen=to_fen(value), acquired_on=acquired_on, category=category,
        also=[(card.place, "place"), (card.custodian, "custodian"), (card.user, "user"), (card.responsible, "responsible")],
    )  # fmt: skip
    return card


@action(Asset, label="改资料", permission="assets.correct_asset", available=settled, icon="edit")
def correct_asset(ctx: Ctx, asset: Asset, **fields: Any) -> Asset:
    """Correct what the card says of the thing itself. Place, people, state and value have verbs of their own."""
    changed = [name for name, new in fields.items() if getattr(asset, name) != new]
    if not changed:
        raise Refused("没有改动：填的和现在一样。")
    before = {name: str(getattr(asset, name) or "") for name in changed}
    for name in changed:
        setattr(asset, name, fields[name])
    asset.pinyin = pinyin.sort_key(asset.name)
    asset.save()
    labels = {field.name: str(field.verbose_name) for field in Asset._meta.concrete_fields}
    ctx.journal(
        asset, "asset.corrected", fields=changed,
        detail={labels[name]: f"{before[name] or '空'} → {getattr(asset, name) or '空'}" for name in changed},
    )  # fmt: skip
    return asset


@action(Asset, label="调拨", permission="assets.move_asset", available=at_hand, bulk=True, icon="transfer",
        refusal="{row} 正在维修、借出或待处置，先办完那件事才能{label}。")  # fmt: skip
def move_asset(
    ctx: Ctx, asset: Asset, *, place: Place, on: date, department: Department | None = None, reason: str = ""
) -> Asset:
    """To another room, and with it to another department where one is given."""
    counting.refuse_while_counted([asset])
    if department is not None and asset.department_id not in (None, department.pk):
        raise Refused(fields={"department": "部门之间调拨要双方签字，请勾选这些资产，点「开交接单」，办部门调拨。"})
    wanted: dict[str, Any] = {"place_id": place.pk}
    if department is not None:
        wanted["department_id"] = department.pk
    old = asset.place
    steps.turn(ctx, asset, on, **wanted)
    ctx.journal(
        asset, "asset.moved", on=on, to=place, department=department, change={"place": [old, place]},
        also=[(old, "from"), (place, "to"), (department, "department")], detail={"原因": reason},
    )  # fmt: skip
    notify.tell(ctx, {asset.custodian, asset.user, place.keeper}, f"{asset} 调到 {place}。", asset)
    return asset


@action(Asset, label="移交", permission="assets.hand_over_asset", available=settled, bulk=True, icon="user-share")
def hand_over_asset(
    ctx: Ctx, asset: Asset, *, on: date, user: Person | None = None, responsible: Person | None = None,
    custodian: Person | None = None,
) -> Asset:  # fmt: skip
    """Named user, person responsible and custodian (专人使用、专人负责、专人保管). Those left out stay as they are."""
    named = {"user": user, "responsible": responsible, "custodian": custodian}
    wanted = {f"{role}_id": person.pk for role, person in named.items() if person is not None}
    if not wanted:
        raise Refused("请至少指定一个人：使用人、责任人或保管人。")
    before = {role: getattr(asset, role) for role in named}
    steps.turn(ctx, asset, on, **wanted)
    changes = {role: [before[role], person] for role, person in named.items() if person and person != before[role]}
    ctx.journal(
        asset, "asset.handed_over", on=on, change=changes,
        also=[(person, role) for role, person in named.items()] + [(before[role], f"former_{role}") for role in changes],
        **{role: person for role, person in named.items() if person},
    )  # fmt: skip
    notify.tell(ctx, named.values(), f"{asset} 移交到您名下，自 {on:%Y-%m-%d} 起由您负责。", asset)
    return asset


@action(Asset, label="改状况", permission="assets.change_state", bulk=True, icon="refresh",
        available=lambda asset: at_hand(asset) or asset.state == State.REPAIR)  # fmt: skip
def change_state(ctx: Ctx, asset: Asset, *, state: str, condition: str, on: date, reason: str = "") -> Asset:
    """In use, idle or under repair; whole or broken. Lending and disposal have papers of their own."""
    if state not in (*AT_HAND, State.REPAIR):
        raise Refused(fields={"state": "这里只能改成在用、闲置或维修；借出和处置要走各自的手续。"})
    old_state, old_condition = asset.state, asset.condition
    if state != old_state:
        steps.turn(ctx, asset, on, state=state)
    elif condition == old_condition and asset.state_known:
        raise Refused("没有改动：填的和现在一样。")
    asset.condition, asset.state_known = condition, True
    asset.save(update_fields=["condition", "state_known"])
    ctx.journal(
        asset, "asset.state_changed", on=on, state=state, condition=condition, detail={"原因": reason},
        change={"state": [old_state, state], "condition": [old_condition, condition]},
    )  # fmt: skip
    return asset


@action(Asset, label="定分类", permission="assets.confirm_asset", available=settled, bulk=True, icon="category")
def confirm_category(ctx: Ctx, asset: Asset, *, category: str) -> Asset:
    """Confirm the GB/T 14885-2022 code; the life in months follows from it, so depreciation can start."""
    _known_category(category)
    old, asset.category, asset.category_confirmed = asset.category, category, True
    if asset.life_months in (None, catalogue.life_months(old)):
        asset.life_months = catalogue.life_months(category)
    steps.set_life(asset)
    asset.save(update_fields=["category", "category_confirmed", "life_months", "monthly"])
    ctx.journal(asset, "asset.category_confirmed", category=category, change={"category": [old, category]})
    return asset


@action(Asset, label="定日期", permission="assets.confirm_asset", bulk=True, icon="calendar",
        available=lambda asset: settled(asset) and asset.precision != Precision.DAY)  # fmt: skip
def confirm_date(ctx: Ctx, asset: Asset, *, acquired_on: date) -> Asset:
    """Settle a date that the old book left open; what the old book said stays beside it."""
    if acquired_on > ctx.today:
        raise Refused(fields={"acquired_on": "取得日期不能在今天以后。"})
    asset.acquired_on, asset.precision = acquired_on, Precision.DAY
    if not asset.charges.exists():
        asset.posted_on = acquired_on
    steps.set_life(asset)
    asset.save(update_fields=["acquired_on", "precision", "posted_on", "life_months", "monthly"])
    steps.restart(ctx, [asset])
    ctx.journal(asset, "asset.date_confirmed", acquired_on=acquired_on)
    return asset


@action(Asset, label="改价值", permission="assets.revalue_asset", available=settled, icon="coin")
def revalue_asset(ctx: Ctx, asset: Asset, *, value: Decimal, on: date, reason: str, confirmed: bool = False) -> Asset:
    """Another value from a day on, such as an addition or an audited price; the rest is spread over the rest of the life."""
    if value < asset.accumulated:
        raise Refused(fields={"value": f"新价值不能小于已提的累计折旧 {asset.accumulated:,.2f} 元。"})
    if asset.value and abs(value - asset.value) > asset.value / 2 and not confirmed:
        raise NeedsConfirmation(f"价值从 {asset.value:,.2f} 元改成 {value:,.2f} 元，变动超过一半，请再看一遍。")
    old = asset.value
    steps.turn(ctx, asset, on, value=value)
    asset.unit_price = (value / asset.quantity).quantize(Decimal("0.0001"))
    asset.value_type = ValueType.COST if asset.value_type == ValueType.NOMINAL and value > 1 else asset.value_type
    steps.set_life(asset)
    asset.save(update_fields=["unit_price", "value_type", "life_months", "monthly"])
    ctx.journal(
        asset, "asset.revalued", on=on, value_fen=to_fen(value), change={"value_fen": [to_fen(old), to_fen(value)]},
        detail={"原因": reason},
    )  # fmt: skip
    return asset


@action(Asset, label="作废", permission="assets.void_asset", icon="ban", available=lambda asset: not asset.void and asset.state != State.PENDING,
        confirm="作废后这张卡片不再计数，编号可以再用；记录和经过都还在。")  # fmt: skip
def void_asset(ctx: Ctx, asset: Asset, *, reason: str) -> Asset:
    """Take back a card that should never have been: a double, a typing error. Not the way to dispose of a thing."""
    if asset.charges.filter(opening=False).exists():
        raise Refused("这张卡片已经提过折旧，不能作废；东西真没了请走处置手续。")
    asset.void = True
    asset.save(update_fields=["void"])
    ctx.journal(asset, "asset.voided", detail={"原因": reason})
    return asset


def _known_category(code: str) -> None:
    if catalogue.name_of(code) is None:
        raise Refused(fields={"category": f"分类代码 {code} 不在 GB/T 14885-2022 的目录里，请用日常叫法搜一下再选。"})
