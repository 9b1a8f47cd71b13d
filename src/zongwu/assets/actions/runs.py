"""Runs over many cards: one action, one transaction, one journal entry, set-based writes (decisions 8)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import ExpressionWrapper, F, OuterRef, Subquery, Sum

from zongwu.assets import rules
from zongwu.assets.models import Asset, AssetSpell, DepreciationCharge, DepreciationRun
from zongwu.kernel import codes
from zongwu.kernel.actions import create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.fields import MoneyField
from zongwu.kernel.figures import Window
from zongwu.kernel.journal import Touched


@create_action(DepreciationRun, label="计提折旧", permission="assets.depreciate_month", icon="calculator", primary=True)
def depreciate_month(ctx: Ctx, *, month: date) -> DepreciationRun:
    """Charge one month for every card on the books at its end.

    A card that is charged for the first time gets, beside it, one opening charge for the months that are past.

    :raises Refused: the month is not over-due yet, was charged already, or leaves a gap after the last one.
    """
    month = rules.first_of_month(month)
    _in_order(ctx, month)
    charges = _charges(ctx, month)
    total = sum((c.amount for c in charges if not c.opening), Decimal(0))
    opening = sum((c.amount for c in charges if c.opening), Decimal(0))
    run: DepreciationRun = DepreciationRun.objects.create(
        school=ctx.school, month=month, cards=sum(not c.opening for c in charges), total=total, opening_total=opening
    )
    for charge in charges:
        charge.run = run
    DepreciationCharge.objects.bulk_create(charges, batch_size=1000)
    sums = run.charges.filter(asset=OuterRef("pk")).order_by().values("asset").annotate(n=Sum("amount")).values("n")
    mine = Asset.objects.filter(pk__in=run.charges.values("asset"))
    mine.update(accumulated=ExpressionWrapper(F("accumulated") + Subquery(sums), output_field=MoneyField()))
    ctx.journal(
        run, "asset.depreciated", month=f"{month:%Y-%m}", cards=run.cards, total_fen=int(total * 100),
        opening_fen=int(opening * 100), digest=_digest(charges),
    )  # fmt: skip
    return run


def _in_order(ctx: Ctx, month: date) -> None:
    if rules.next_month(month) > ctx.today:
        raise Refused(
            fields={"month": f"{month.year} 年 {month.month} 月还没有过完，等下月初再提：当月减少的当月不提。"}
        )
    last = DepreciationRun.objects.order_by("-month").first()
    if last and month <= last.month:
        raise Refused(fields={"month": f"{last.month.year} 年 {last.month.month} 月及以前的折旧已经提过了。"})
    if last and month != rules.next_month(last.month):
        due = rules.next_month(last.month)
        raise Refused(fields={"month": f"请按月顺着提，下一个该提 {due.year} 年 {due.month} 月。"})


def _charges(ctx: Ctx, month: date) -> list[DepreciationCharge]:
    end = rules.next_month(month) - timedelta(days=1)
    on_books = AssetSpell.objects.as_of(Window(month, end)).values("asset")
    taken = dict(DepreciationCharge.objects.values_list("asset").annotate(n=Sum("months")))
    cards = Asset.objects.filter(pk__in=on_books, monthly__gt=0, posted_on__lte=end).order_by("pk")
    found: list[DepreciationCharge] = []
    for card in cards.iterator(chunk_size=2000):
        plan = rules.Plan(card.value, card.life_months, card.posted_on, card.accumulated, taken.get(card.pk, 0))
        if card.pk not in taken:
            months, amount = rules.opening(plan, month)
            if months:
                found.append(_charge(ctx, card, month, amount, months, opening=True))
            plan = rules.Plan(card.value, card.life_months, card.posted_on, card.accumulated + amount, months)
        amount = rules.charge(plan, card.monthly)
        if amount:
            found.append(_charge(ctx, card, month, amount, 1, opening=False))
    return found


def _charge(ctx: Ctx, card: Asset, month: date, amount: Decimal, months: int, *, opening: bool) -> DepreciationCharge:
    return DepreciationCharge(school=ctx.school, asset=card, month=month, amount=amount, months=months, opening=opening)


def _digest(charges: Sequence[DepreciationCharge]) -> str:
    lines = "".join(f"{c.asset_id}\t{c.opening:d}\t{c.months}\t{int(c.amount * 100)}\n" for c in charges)
    return hashlib.sha256(lines.encode()).hexdigest()


@create_action(Asset, label="打标签", permission="assets.print_labels", icon="tag", hidden=True)
def print_labels(ctx: Ctx, *, assets: Sequence[int]) -> None:
    """Give each card its public code, made where it has none; `queries.codes_of` reads them."""
    cards = list(Asset.objects.visible_to(ctx).live().filter(pk__in=assets).order_by("number"))
    if len(cards) != len(set(assets)):
        raise Refused("所选资产里有找不到或已作废的，请刷新列表后重选。")
    if not cards:
        raise Refused("请先选要打标签的资产。")
    codes.ensure(ctx.school.pk, Asset.kind, [card.pk for card in cards])
    ctx.journal(
        cards[0], "asset.labelled", cards=len(cards),
        touched=[Touched(Asset.kind, card.pk, "labelled") for card in cards[1:]],
    )  # fmt: skip
