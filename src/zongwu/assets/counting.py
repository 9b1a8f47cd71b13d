"""Steps of a count that work on all of it at once: the list when it begins, the results when it ends, the register after approval.

Set-based, since a school has a thousand cards and a district a million: one statement each, whatever was scanned.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, Subquery

from zongwu.assets import steps
from zongwu.assets.models import (
    Asset,
    AssetSpell,
    Method,
    Scan,
    State,
    Stocktake,
    StocktakeItem,
    StocktakeRoom,
    Surplus,
    ValueType,
)
from zongwu.kernel import bulk, numbering, pinyin
from zongwu.kernel.actions import step
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school.models import Place

Result, Answer = StocktakeItem.Result, StocktakeItem.Answer
NOT_THERE = (Scan.Said.OUTSIDE, Scan.Said.AGAIN, Scan.Said.UNKNOWN, Scan.Said.SURPLUS)


def in_scope(stocktake: Stocktake) -> Any:
    """The cards that the count is about: on the books, of its department and class, in its rooms or in none."""
    rows = Asset.objects.on_books()
    if stocktake.department_id:
        rows = rows.filter(department=stocktake.department_id)
    if stocktake.category:
        rows = rows.filter(category__startswith=stocktake.category)
    places = StocktakeRoom.objects.filter(stocktake=stocktake).values("place")
    return rows.filter(place__in=places)


@step
def freeze(ctx: Ctx, stocktake: Stocktake) -> int:
    """Write down what the books say now: the list against which is counted. Returns how many cards."""
    rooms = dict(StocktakeRoom.objects.filter(stocktake=stocktake).values_list("place", "pk"))
    cards = in_scope(stocktake).order_by("pk").values_list(
        "pk", "place_id", "custodian_id", "quantity", "value", "accumulated"
    )  # fmt: skip
    rows = [
        (ctx.school.pk, stocktake.pk, pk, rooms[place], custodian, quantity, value, accumulated, Result.WAITING, "", "", False, 0)
        for pk, place, custodian, quantity, value, accumulated in cards
    ]  # fmt: skip
    names = (
        "school_id", "stocktake_id", "asset_id", "room_id", "custodian_id", "quantity", "value", "accumulated", "result", "answer",
        "reason", "twice", "counted",
    )  # fmt: skip
    bulk.insert(StocktakeItem, names, rows)
    return len(rows)


_RECONCILE = """
WITH seen AS (
    SELECT asset_id, min(id) AS first, count(DISTINCT room_id) AS rooms, 
        sum(CASE said WHEN 'again' THEN 0 ELSE quantity END) AS counted
    FROM assets_scan WHERE school_id = %(school)s AND stocktake_id = %(count)s AND asset_id IS NOT NULL GROUP BY asset_id
)
UPDATE assets_stocktakeitem SET
    found_room_id = s.room_id, counted = seen.counted, twice = seen.rooms > 1,
    result = CASE
        WHEN seen.counted < assets_stocktakeitem.quantity THEN 'fewer'
        WHEN s.room_id = assets_stocktakeitem.room_id OR r.place_id = a.place_id THEN 'match'
        ELSE 'moved' END
FROM seen
JOIN assets_scan s ON s.id = seen.first
JOIN assets_stocktakeroom r ON r.id = s.room_id
JOIN assets_asset a ON a.id = seen.asset_id
WHERE assets_stocktakeitem.school_id = %(school)s AND assets_stocktakeitem.stocktake_id = %(count)s
    AND assets_stocktakeitem.asset_id = seen.asset_id
"""
"""The first scan of a card counts; where it stood by the books *now* counts as its place too, so that what was moved in the
register while people counted is no difference. `tests/assets/test_stocktake.py` holds it to the rule of one row."""


@step
def reconcile(ctx: Ctx, stocktake: Stocktake) -> None:
    """What was found of every card on the list; what nobody scanned is short."""
    mine = StocktakeItem.objects.filter(stocktake=stocktake)
    mine.update(result=Result.SHORT, found_room=None, counted=0, twice=False)
    with connection.cursor() as cursor:
        cursor.execute(_RECONCILE, {"school": ctx.school.pk, "count": stocktake.pk})
    gone = mine.filter(result=Result.SHORT).filter(Q(asset__state=State.DISPOSED) | Q(asset__void=True))
    gone.update(result=Result.MATCH, reason="盘点期间已按手续处置")
    mine.filter(result=Result.MATCH).update(answer=Answer.NONE)
    _list_surplus(ctx, stocktake)


def _list_surplus(ctx: Ctx, stocktake: Stocktake) -> None:
    """What has no label or a number that is in no book; the same number scanned twice is one thing."""
    known = set(Surplus.objects.filter(stocktake=stocktake).values_list("scan__code", "scan_id"))
    codes, scans = {code for code, _ in known if code}, {pk for _, pk in known}
    rows = Scan.objects.filter(stocktake=stocktake, said__in=(Scan.Said.UNKNOWN, Scan.Said.SURPLUS)).order_by("id")
    for scan in rows:
        if scan.pk in scans or (scan.code and scan.code in codes):
            continue
        codes.add(scan.code)
        Surplus.objects.create(
            school=ctx.school, stocktake=stocktake, scan=scan, room_id=scan.room_id, name=scan.note or f"标签 {scan.code}"[:100],
            quantity=scan.quantity or Decimal(1),
        )  # fmt: skip


def tally(stocktake: Stocktake) -> Mapping[str, int]:
    """How many cards have each result, and what the surplus is: the sum that must close."""
    counts = dict(StocktakeItem.objects.filter(stocktake=stocktake).values_list("result").annotate(n=Count("id")))
    found: dict[str, int] = {result.value: counts.get(result.value, 0) for result in Result}
    found["books"] = sum(counts.values())
    found["surplus"] = Surplus.objects.filter(stocktake=stocktake).count()
    return found


@step
def apply_count(ctx: Ctx, stocktake: Stocktake) -> None:
    """The last signature is given: the register follows what was found. One run, set-based."""
    items = StocktakeItem.objects.filter(stocktake=stocktake)
    following = dict(items.filter(answer=Answer.FOLLOW).values_list("asset_id", "found_room__place_id"))
    lost = set(items.filter(answer=Answer.LOSS).values_list("asset_id", flat=True))
    fewer = dict(items.filter(answer=Answer.LOSS, result=Result.FEWER).values_list("asset_id", "counted"))
    rows = Asset.objects.filter(pk__in=[*following, *lost]).select_for_update(of=("self",)).order_by("pk")
    cards = [card for card in rows if not card.void and card.state != State.DISPOSED]
    keepers = dict(Place.objects.filter(pk__in=following.values()).values_list("pk", "keeper_id"))
    for card in cards:
        if card.pk in following:
            card.place_id = following[card.pk]
            card.custodian_id = keepers.get(card.place_id) or card.custodian_id
        elif fewer.get(card.pk):
            left = fewer[card.pk]
            card.value = (card.value * left / card.quantity).quantize(Decimal("0.01"))
            card.accumulated = min(card.accumulated, card.value)
            card.quantity = left
        else:
            card.state = State.DISPOSED
    steps.set_order_keys(cards)
    Asset.objects.bulk_update(cards, ["place", "custodian", "state", "quantity", "value", *steps.KEYS], batch_size=500)
    spells = {spell.asset_id: spell for spell in AssetSpell.objects.filter(asset__in=cards, until_on=None)}
    steps.turn_many(ctx, cards, spells)
    ctx.touch(cards, "adjusted")
    entered = _enter_surplus(ctx, stocktake)
    ctx.touch(entered, "entered")
    Stocktake.objects.filter(pk=stocktake.pk).update(phase=Stocktake.Phase.DONE)


def _enter_surplus(ctx: Ctx, stocktake: Stocktake) -> list[Asset]:
    """New cards for what was found beyond the books, at the value that the documents, an appraisal or the nominal yuan give."""
    rows = list(
        Surplus.objects.filter(stocktake=stocktake, answer=Surplus.Answer.ENTER)
        .select_related("room__place")
        .order_by("id")
    )
    numbers = numbering.take(ctx.school.pk, "ZC", ctx.today.year, len(rows)) if rows else []
    cards = [
        Asset(
            school=ctx.school, number=number, name=row.name, pinyin=pinyin.sort_key(row.name), category=row.category,
            category_confirmed=bool(row.category), quantity=row.quantity, unit_price=(row.value / row.quantity).quantize(Decimal("0.0001")),
            value=row.value, value_type=ValueType.NOMINAL if row.value <= 1 else ValueType.REPLACEMENT, acquired_on=ctx.today,
            posted_on=ctx.today, method=Method.SURPLUS, place=row.room.place, custodian_id=row.room.place.keeper_id,
            remark=f"{stocktake.number} 盘盈",
        )
        for number, row in zip(numbers, rows, strict=True)
    ]  # fmt: skip
    for card in cards:
        steps.set_life(card)
    if cards:
        steps.enter_cards(ctx, cards)
    return cards


@step
def reopen(ctx: Ctx, stocktake: Stocktake) -> None:
    """Refused or withdrawn: the differences are settled anew."""
    Stocktake.objects.filter(pk=stocktake.pk).update(phase=Stocktake.Phase.SETTLING)


def unsettled(stocktake: Stocktake) -> int:
    """Differences about which nobody has decided yet."""
    items = StocktakeItem.objects.filter(
        stocktake=stocktake, answer=Answer.NONE, result__in=(Result.MOVED, Result.SHORT, Result.FEWER)
    )
    return items.count() + Surplus.objects.filter(stocktake=stocktake, answer=Surplus.Answer.NONE).count()  # type: ignore[no-any-return]


def being_counted(cards: Any) -> Mapping[int, str]:
    """Of these cards, those that stand in a room which is open for counting now → the count's number.

    What is being counted does not change hands until its room is done.
    """
    rows = StocktakeItem.objects.filter(
        asset__in=cards, room__state=StocktakeRoom.State.OPEN, stocktake__phase=Stocktake.Phase.COUNTING
    )
    return dict(rows.values_list("asset_id", "stocktake__number"))


def refuse_while_counted(cards: Any) -> None:
    """:raises Refused: one of the cards is being counted, each by its number."""
    counted = being_counted(cards)
    if counted:
        some = list(Asset.objects.filter(pk__in=list(counted)[:3]))
        raise Refused(*(f"{card} 正在盘点（{counted[card.pk]}），等这间房盘完再办。" for card in some))


def progress(stocktake: Stocktake) -> Any:
    """Per room: how many cards are on its list and how many different ones were scanned there."""
    listed = (
        StocktakeItem.objects.filter(room=OuterRef("pk")).order_by().values("room").annotate(n=Count("id")).values("n")
    )
    seen = (
        Scan.objects.filter(room=OuterRef("pk"), said__in=(Scan.Said.OK, Scan.Said.MOVED)).order_by().values("room")
        .annotate(n=Count("asset", distinct=True)).values("n")
    )  # fmt: skip
    rooms = StocktakeRoom.objects.filter(stocktake=stocktake).select_related("place", "counter", "done_by")
    return rooms.annotate(listed=Subquery(listed), seen=Subquery(seen)).order_by("place__path", F("id"))
