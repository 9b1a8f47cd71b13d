"""Writes on cards that other domains, runs and the actions themselves share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery

from zongwu.assets import catalogue, rules
from zongwu.assets.models import (
    EXACT_ENOUGH,
    ORDER_KEYS,
    Asset,
    AssetSpell,
    Condition,
    Damage,
    Disposal,
    DisposalLine,
    Handover,
    HandoverLine,
    Payment,
    Precision,
    State,
    ValueType,
)
from zongwu.kernel import bulk, numbering, pinyin, search
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import step
from zongwu.kernel.amounts import round_yuan
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.scope import School, SchoolModel
from zongwu.school.models import Department, Place

KEYS = tuple(ORDER_KEYS)
SPELL = ("state", "place_id", "department_id", "user_id", "custodian_id", "responsible_id", "quantity", "value")
"""What a spell holds of its card."""


def in_books_on(school: School, acquired_on: date | None, precision: str) -> date:
    """Where the first spell starts: the acquisition, or the school's opening date when that is unknown."""
    known = acquired_on if precision not in (Precision.NONE, Precision.AMBIGUOUS) else None
    return known or school.opened_on


@step
def enter_cards(ctx: Ctx, cards: Sequence[Asset]) -> None:
    """Write new cards with their first spell."""
    for card in cards:
        card.in_books_on = in_books_on(ctx.school, card.acquired_on, card.precision)
    set_order_keys(cards)
    bulk.insert_objects(cards)
    bulk.insert(
        AssetSpell, ("school_id", "asset_id", "seq", "from_on", *SPELL),
        ((card.school_id, card.pk, 1, card.in_books_on, *(getattr(card, name) for name in SPELL)) for card in cards),
    )  # fmt: skip


@step
def new_cards(
    ctx: Ctx, *, count: int, name: str, category: str, unit: str, quantity: Decimal, unit_price: Decimal, acquired_on: date, **fields: Any,
) -> list[Asset]:  # fmt: skip
    """So many cards that are alike, each with the school's next number; what `purchasing` asks for when equipment was accepted.

    The category is a guess by the name: it depreciates only once somebody has confirmed it.
    """
    value = round_yuan(quantity * unit_price)
    cards = [
        Asset(
            school=ctx.school, number=number, name=name, pinyin=pinyin.sort_key(name), category=category, category_confirmed=False,
            unit=unit, quantity=quantity, unit_price=unit_price, value=value, acquired_on=acquired_on, posted_on=acquired_on, **fields,
        )
        for number in numbering.take(ctx.school.pk, "ZC", acquired_on.year, count)
    ]  # fmt: skip
    for card in cards:
        set_life(card)
    enter_cards(ctx, cards)
    return cards


def _spell(card: Asset, seq: int, from_on: date) -> AssetSpell:
    return AssetSpell(
        school_id=card.school_id,
        asset_id=card.pk,
        seq=seq,
        from_on=from_on,
        **{name: getattr(card, name) for name in SPELL},
    )


@step
def turn(ctx: Ctx, card: Asset, on: date, **changes: Any) -> dict[str, tuple[Any, Any]]:
    """Close the open spell on a day and open the next with these changes; returns field → (old, new).

    :raises Refused: the day is in the future, or before the card's present spell began.
    """
    spell = AssetSpell.objects.get(asset=card, until_on=None)
    if on > ctx.today:
        raise Refused(fields={"on": "日期不能在今天以后。"})
    if on < spell.from_on:
        raise Refused(fields={"on": f"这张卡片从 {spell.from_on:%Y-%m-%d} 起已是现在的情况，日期不能早于这一天。"})
    changed = {name: (getattr(card, name), new) for name, new in changes.items() if getattr(card, name) != new}
    if not changed:
        raise Refused("没有改动：填的和现在一样。")
    for name, (_, new) in changed.items():
        setattr(card, name, new)
    set_order_keys([card])
    card.save(update_fields=[*changed, *ORDER_KEYS])
    AssetSpell.objects.filter(pk=spell.pk).update(until_on=on)
    _spell(card, spell.seq + 1, on).save()
    return changed


@step
def restart(ctx: Ctx, cards: Iterable[Asset]) -> None:
    """Move the first spell of cards whose date of acquisition became known, as long as nothing happened since."""
    for card in cards:
        start = in_books_on(ctx.school, card.acquired_on, card.precision)
        first = AssetSpell.objects.filter(asset=card).order_by("seq").first()
        if first is None or (first.until_on and first.until_on < start):
            raise Refused(f"{card.number} 在 {start:%Y-%m-%d} 以前已有变动记录，日期不能改到它后面。")
        AssetSpell.objects.filter(pk=first.pk).update(from_on=start)
        Asset.objects.filter(pk=card.pk).update(in_books_on=start)
        card.in_books_on = start


@step
def turn_many(ctx: Ctx, cards: Sequence[Asset]) -> None:
    """Close the open spells of changed cards today and open the next ones, set-based."""
    open_spells = {one.asset_id: one for one in AssetSpell.objects.filter(asset__in=cards, until_on=None)}
    closing = [open_spells[card.pk] for card in cards]
    for spell in closing:
        spell.until_on = max(ctx.today, spell.from_on)
    AssetSpell.objects.bulk_update(closing, ["until_on"], batch_size=500)
    AssetSpell.objects.bulk_create(
        (
            _spell(card, spell.seq + 1, max(ctx.today, spell.from_on))
            for card, spell in zip(cards, closing, strict=True)
        ),
        batch_size=1000,
    )


@step
def enter_state(ctx: Ctx, cards: Sequence[Asset], states: Mapping[int, str]) -> None:
    """Put many cards into a state each, from today, set-based; those that are in it already stay as they are."""
    changed = [card for card in cards if card.state != states[card.pk]]
    for card in changed:
        card.state = states[card.pk]
    Asset.objects.bulk_update(changed, ["state"], batch_size=500)
    turn_many(ctx, changed)


@step
def change_hands(ctx: Ctx, handover: Handover) -> None:
    """The last signature is given: what the slip says is so from today."""
    lines = HandoverLine.objects.filter(handover=handover)
    cards = list(Asset.objects.filter(pk__in=lines.values("asset")).select_for_update(of=("self",)).order_by("pk"))
    to, giver, form = handover.receiver_id, handover.giver_id, handover.form
    for card in cards:
        if form == Handover.Form.LEAVE:
            for role in ("user_id", "custodian_id", "responsible_id"):
                if getattr(card, role) == giver:
                    setattr(card, role, to)
        else:
            card.user_id = to
            card.place_id = handover.to_place_id or card.place_id
            card.department_id = handover.to_department_id or card.department_id
            card.state = State.LENT if form == Handover.Form.LOAN else State.IN_USE
        if form in (Handover.Form.ISSUE, Handover.Form.TRANSFER):
            card.custodian_id = to
    set_order_keys(cards)
    Asset.objects.bulk_update(
        cards, ["user", "custodian", "responsible", "place", "department", "state", *KEYS], batch_size=500
    )
    turn_many(ctx, cards)
    ctx.touch(cards, "handed_over")


@step
def release(ctx: Ctx, disposal: Disposal, keep: Sequence[int] = ()) -> None:
    """Refused, withdrawn or off the list: the things are again what they were before."""
    lines = DisposalLine.objects.filter(disposal=disposal, asset__state=State.PENDING).exclude(asset__in=keep)
    before = dict(lines.values_list("asset_id", "state_before"))
    cards = list(Asset.objects.filter(pk__in=before).select_for_update(of=("self",)).order_by("pk"))
    enter_state(ctx, cards, before)
    ctx.touch(cards, "released")


@step
def strike_off(ctx: Ctx, disposal: Disposal) -> None:
    """The last signature is given: the things leave the books today."""
    cards = list(Asset.objects.filter(disposal_lines__disposal=disposal).select_for_update(of=("self",)).order_by("pk"))
    enter_state(ctx, cards, {card.pk: State.DISPOSED for card in cards})
    ctx.touch(cards, "disposed")


money_books: list[Callable[[Ctx, Payment], None]] = []
"""Who books the money that damage brings in; `money` adds itself when a school has it."""


@step
def take_money(ctx: Ctx, payment: Payment) -> None:
    """Compensation was received, or its receipt was cancelled: whoever keeps books of money writes it down in the same transaction."""
    for book in money_books:
        book(ctx, payment)


@step
def settle_damage(ctx: Ctx, damage: Damage) -> None:
    """The last signature is given: the thing goes for repair, or stands as broken until it is written off. What is lost is not broken."""
    if damage.remedy not in (Damage.Remedy.SCHOOL_REPAIR, Damage.Remedy.WRITE_OFF) or damage.cause == Damage.Cause.LOST:
        return
    card = Asset.objects.on_books().filter(pk=damage.asset_id).select_for_update(of=("self",)).first()
    if card is None:
        return
    if damage.quantity == card.quantity:
        card.condition = Condition.BROKEN
        card.save(update_fields=["condition"])
        if damage.remedy == Damage.Remedy.SCHOOL_REPAIR and card.state in (State.IN_USE, State.IDLE):
            enter_state(ctx, [card], {card.pk: State.REPAIR})
    ctx.touch([card], "damaged")


_NAMED = {
    "place_path": (Place, "path"), "department_pinyin": (Department, "pinyin"), "custodian_pinyin": (Person, "pinyin"),
}  # fmt: skip


def set_order_keys(cards: Sequence[Asset]) -> None:
    """What the cards repeat of their room, department and custodian. Saves nothing."""
    for key, link in ORDER_KEYS.items():
        model, field = _NAMED[key]
        ids = {getattr(card, link) for card in cards} - {None}
        known = dict(model.objects.filter(pk__in=ids).values_list("pk", field)) if ids else {}
        for card in cards:
            setattr(card, key, known.get(getattr(card, link), ""))


@step
def follow_name(ctx: Ctx, model: type[SchoolModel], ids: Sequence[int]) -> None:
    """A room, a department or a person is called otherwise: cards are sorted by the new name, and found by that of the room."""
    key = next((key for key, (named, _) in _NAMED.items() if named is model), None)
    if key is None:
        return
    now = model.objects.filter(pk=OuterRef(ORDER_KEYS[key])).values(_NAMED[key][1])
    for some in bulk.chunks(ids):
        cards = Asset.objects.filter(**{f"{ORDER_KEYS[key]}__in": some})
        cards.update(**{key: Subquery(now)})
        if model is Place:
            search.index(ctx.school.pk, Asset.kind, list(cards.live().values_list("pk", flat=True)))


def set_life(card: Asset) -> None:
    """The life by the confirmed category unless the card has its own, and with it the monthly rate. Saves nothing."""
    if card.life_months is None and card.category_confirmed:
        card.life_months = catalogue.life_months(card.category)
    eligible = rules.depreciates(
        category=card.category, confirmed=card.category_confirmed, exact_date=card.precision in EXACT_ENOUGH,
        nominal=card.value_type == ValueType.NOMINAL, life=card.life_months,
    )  # fmt: skip
    card.monthly = (
        rules.monthly(card.value, card.accumulated, card.life_months or 0, card.months_taken)
        if eligible
        else Decimal(0)
    )
