"""Runs over many cards: one action, one transaction, one journal entry, set-based writes (decisions 8)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Sum

from zongwu.assets import rules
from zongwu.assets.models import Asset, AssetSpell, DepreciationRun
from zongwu.kernel import codes
from zongwu.kernel.actions import create_action
from zongwu.kernel.amounts import to_fen
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.figures import Window
from zongwu.kernel.journal import Touched
from zongwu.school.models import Place


@create_action(DepreciationRun, label="计提折旧", permission="assets.depreciate_month", icon="calculator", primary=True)
def depreciate_month(ctx: Ctx, *, month: date) -> DepreciationRun:
    """Charge one month for every card on the books at its end.

    A card that is charged for the first time gets, beside it, one opening charge for the months that are past.

    :raises Refused: the month is not over-due yet, was charged already, or leaves a gap after the last one.
    """
    month = rules.first_of_month(month)
    _in_order(ctx, month)
    run: DepreciationRun = DepreciationRun.objects.create(school=ctx.school, month=month, cards=0, total=0)
    _charge(run)
    monthly = run.charges.filter(opening=False).aggregate(n=Count("id"), total=Sum("amount", default=Decimal(0)))
    run.cards, run.total = monthly["n"], monthly["total"]
    run.opening_total = run.charges.filter(opening=True).aggregate(total=Sum("amount", default=Decimal(0)))["total"]
    run.save(update_fields=["cards", "total", "opening_total"])
    ctx.journal(
        run, "asset.depreciated", month=f"{month:%Y-%m}", cards=run.cards, total_fen=to_fen(run.total),
        opening_fen=to_fen(run.opening_total), digest=_digest(run),
    )  # fmt: skip
    return run


def _in_order(ctx: Ctx, month: date) -> None:
    if month >= rules.first_of_month(ctx.today):
        raise Refused(
            fields={"month": f"{month.year} 年 {month.month} 月还没有过完，等下月初再提：当月减少的当月不提。"}
        )
    last = DepreciationRun.objects.order_by("-month").first()
    if last and month <= last.month:
        raise Refused(fields={"month": f"{last.month.year} 年 {last.month.month} 月及以前的折旧已经提过了。"})
    if last and month != rules.next_month(last.month):
        due = rules.next_month(last.month)
        raise Refused(fields={"month": f"请按月顺着提，下一个该提 {due.year} 年 {due.month} 月。"})


_DUE = """
WITH cards AS (
    SELECT id, value, accumulated, monthly, life_months AS life, months_taken AS taken,
        CASE WHEN months_taken > 0 THEN 0 ELSE {least}(life_months, {greatest}(0, %(month)s - {posted})) END AS past
    FROM assets_asset WHERE monthly > 0 AND posted_on <= %(end)s AND id IN ({on_books})
), opened AS (
    SELECT *, CASE WHEN past = life THEN value ELSE {least}(past * monthly, value) END AS opening FROM cards
), due AS (
    SELECT *, {least}(value - accumulated - opening, CASE life - taken - past WHEN 1 THEN value ELSE monthly END) AS amount
    FROM opened
)
INSERT INTO assets_depreciationcharge (school_id, run_id, asset_id, month, months, opening, amount)
SELECT %(school)s, %(run)s, id, %(first)s, past, {yes}, opening FROM due WHERE past > 0
UNION ALL
SELECT %(school)s, %(run)s, id, %(first)s, 1, {no}, amount FROM due WHERE life - taken - past > 0 AND amount > 0
"""
"""`rules.opening` and `rules.charge` for the whole register at once; `tests/assets` holds the two together."""
_ADD = """
UPDATE assets_asset SET accumulated = accumulated + charged.amount, months_taken = months_taken + charged.months
FROM (SELECT asset_id, sum(amount) AS amount, sum(months) AS months FROM assets_depreciationcharge WHERE run_id = %s
      GROUP BY asset_id) charged
WHERE charged.asset_id = assets_asset.id
"""
_DIALECT = {
    "sqlite": {
        "least": "min", "greatest": "max", "yes": "1", "no": "0",
        "posted": "(CAST(substr(posted_on, 1, 4) AS integer) * 12 + CAST(substr(posted_on, 6, 2) AS integer) - 1)",
    },
    "postgresql": {
        "least": "least", "greatest": "greatest", "yes": "true", "no": "false",
        "posted": "(extract(year FROM posted_on)::int * 12 + extract(month FROM posted_on)::int - 1)",
    },
}  # fmt: skip


def _charge(run: DepreciationRun) -> None:
    """Write what every card is charged, then add it to what the cards were charged so far."""
    end = rules.next_month(run.month) - timedelta(days=1)
    on_books = AssetSpell.objects.as_of(Window(run.month, end)).values("asset")
    if connection.vendor == "postgresql":  # nobody revalues one meanwhile; SQLite has but one writer
        list(Asset.objects.filter(pk__in=on_books).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    select, values = on_books.query.sql_with_params()
    named = {f"b{at}": value for at, value in enumerate(values)}
    text = _DUE.format(on_books=select % tuple(f"%({name})s" for name in named), **_DIALECT[connection.vendor])
    first, until = (connection.ops.adapt_datefield_value(day) for day in (run.month, end))
    ours = {"school": run.school_id, "run": run.pk, "first": first, "month": rules.month_index(run.month), "end": until}
    with connection.cursor() as cursor:
        cursor.execute(text, ours | named)
        cursor.execute(_ADD, [run.pk])


def _digest(run: DepreciationRun) -> str:
    state = hashlib.sha256()
    lines = (
        run.charges.order_by("id")
        .annotate(fen=ExpressionWrapper(F("amount"), BigIntegerField()))
        .values_list("asset_id", "opening", "months", "fen")
    )
    for asset, opening, months, fen in lines.iterator(chunk_size=5000):
        state.update(f"{asset}\t{opening:d}\t{months}\t{fen}\n".encode())
    return state.hexdigest()


@create_action(Asset, label="打标签", permission="assets.print_labels", icon="tag", hidden=True)
def print_labels(ctx: Ctx, *, assets: Sequence[int]) -> None:
    """Give each card its public code, made where it has none; `codes.valid` reads them."""
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


@create_action(Place, label="打房间码", permission="assets.print_labels", icon="qrcode", hidden=True)
def print_room_codes(ctx: Ctx, *, places: Sequence[int]) -> None:
    """Give each room its public code: whoever answers for it scans it and looks the room through."""
    rooms = list(Place.objects.visible_to(ctx).open().filter(pk__in=places).order_by("path"))
    if not rooms or len(rooms) != len(set(places)):
        raise Refused("请先选要打码的房间；选中的里面有找不到或已停用的，请刷新列表后重选。")
    codes.ensure(ctx.school.pk, Place.kind, [room.pk for room in rooms])
    ctx.journal(
        rooms[0], "place.labelled", rooms=len(rooms), touched=[Touched(Place.kind, room.pk, "labelled") for room in rooms[1:]]
    )  # fmt: skip
