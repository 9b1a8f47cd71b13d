"""Steps of a count that work on all of it at once: the list when it begins, the results when it ends, the register after approval.

Set-based, since a school has a thousand cards and a district a million: one statement each, whatever was scanned.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from zongwu.assets import rules, steps
from zongwu.assets.models import (
    Asset,
    DepreciationCharge,
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


_ONCE = """
SELECT asset_id, min(room_id) AS room_id, 1 AS rooms, min(quantity) AS counted FROM assets_scan
WHERE school_id = %(school)s AND stocktake_id = %(count)s AND asset_id IS NOT NULL GROUP BY asset_id HAVING count(*) = 1
"""
_OFTEN = """
SELECT f.asset_id, f.room_id, l.rooms, l.counted FROM (
    SELECT e.asset_id, min(e.first) AS first, count(*) AS rooms, sum(s.quantity) AS counted FROM (
        SELECT asset_id, room_id, min(id) AS first, max(id) AS last FROM assets_scan
        WHERE school_id = %(school)s AND stocktake_id = %(count)s AND asset_id IN (
            SELECT asset_id FROM assets_scan WHERE school_id = %(school)s AND stocktake_id = %(count)s AND asset_id IS NOT NULL
            GROUP BY asset_id HAVING count(*) > 1)
        GROUP BY asset_id, room_id
    ) e JOIN assets_scan s ON s.id = e.last GROUP BY e.asset_id
) l JOIN assets_scan f ON f.id = l.first
"""
_RECONCILE = """
UPDATE assets_stocktakeitem SET
    found_room_id = CASE WHEN seen.rooms = 1 AND seen.room_id = assets_stocktakeitem.room_id THEN NULL ELSE seen.room_id END, counted = seen.counted, twice = seen.rooms > 1,
    result = CASE
        WHEN seen.counted < assets_stocktakeitem.quantity OR (seen.counted > assets_stocktakeitem.quantity AND seen.rooms = 1) THEN 'fewer'
        WHEN seen.rooms > 1 THEN 'moved'
        WHEN seen.room_id = assets_stocktakeitem.room_id THEN 'match'
        WHEN (SELECT r.place_id FROM assets_stocktakeroom r WHERE r.id = seen.room_id)
            = (SELECT a.place_id FROM assets_asset a WHERE a.id = assets_stocktakeitem.asset_id) THEN 'match'
        ELSE 'moved' END
FROM ({seen}) seen
WHERE assets_stocktakeitem.school_id = %(school)s AND assets_stocktakeitem.stocktake_id = %(count)s
    AND assets_stocktakeitem.asset_id = seen.asset_id
"""
"""In the room of its first scan a card was found, in each room the last scan says how many; where it stood by the books *now*
counts as its place too; what was seen whole in two rooms is for a person to look at, so that what was moved in the register while people counted is no difference.
Nearly every card is scanned once, which is much the shorter way. `tests/assets/test_stocktake.py` holds both to the rule of one row."""


@step
def reconcile(ctx: Ctx, stocktake: Stocktake) -> None:
    """What was found of every card on the list; what nobody scanned is short. An answer stays only where nothing changed."""
    mine = StocktakeItem.objects.filter(stocktake=stocktake)
    found = ("result", "found_room_id", "counted", "twice")
    answered: dict[int, tuple[Any, ...]] = {}
    if mine.order_by("pk").values_list("result", flat=True).first() != Result.WAITING:  # closed once before
        answered = {row[0]: row[1:] for row in mine.exclude(answer=Answer.NONE).values_list("pk", *found)}
        mine.exclude(result=Result.WAITING).update(result=Result.WAITING, found_room=None, counted=0, twice=False)
    with connection.cursor() as cursor:
        for seen in (_ONCE, _OFTEN):
            cursor.execute(_RECONCILE.format(seen=seen), {"school": ctx.school.pk, "count": stocktake.pk})
    if mine.filter(result=Result.WAITING).update(result=Result.SHORT):
        gone = mine.filter(result=Result.SHORT).filter(Q(asset__state=State.DISPOSED) | Q(asset__void=True))
        gone.update(result=Result.MATCH, reason="盘点期间已按手续处置")
    if answered:
        rows = mine.filter(pk__in=answered).values_list("pk", *found)
        stale = [row[0] for row in rows if answered[row[0]] != row[1:]]
        mine.filter(Q(pk__in=stale) | Q(result=Result.MATCH)).exclude(answer=Answer.NONE).update(answer=Answer.NONE)
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
    each = {result.value: Count("id", filter=Q(result=result)) for result in Result}
    found: dict[str, int] = StocktakeItem.objects.filter(stocktake=stocktake).aggregate(books=Count("id"), **each)
    found["surplus"] = Surplus.objects.filter(stocktake=stocktake).count()
    return found


_TO_FOLLOW = """
UPDATE assets_stocktakeitem SET applied = {yes} FROM assets_asset a, assets_stocktakeroom r
WHERE a.id = assets_stocktakeitem.asset_id AND r.id = assets_stocktakeitem.room_id AND assets_stocktakeitem.stocktake_id = %(count)s
    AND NOT a.void AND (
        (assets_stocktakeitem.answer = 'follow' AND assets_stocktakeitem.result = 'moved' AND a.place_id = r.place_id
            AND a.state IN ('in_use', 'idle'))
        OR (assets_stocktakeitem.answer = 'loss' AND assets_stocktakeitem.result IN ('short', 'fewer')
            AND assets_stocktakeitem.counted < assets_stocktakeitem.quantity AND a.quantity = assets_stocktakeitem.quantity
            AND a.state IN ('in_use', 'idle', 'repair')))
"""
_FOLLOW = """
UPDATE assets_asset SET place_id = p.id, place_path = p.path, custodian_id = COALESCE(p.keeper_id, assets_asset.custodian_id),
    custodian_pinyin = COALESCE(k.pinyin, assets_asset.custodian_pinyin)
FROM assets_stocktakeitem i JOIN assets_stocktakeroom r ON r.id = i.found_room_id JOIN school_place p ON p.id = r.place_id
LEFT JOIN kernel_person k ON k.id = p.keeper_id
WHERE i.asset_id = assets_asset.id AND i.stocktake_id = %(count)s AND i.applied AND i.answer = 'follow'
"""
_STRIKE = """
UPDATE assets_asset SET state = 'disposed' FROM assets_stocktakeitem i
WHERE i.asset_id = assets_asset.id AND i.stocktake_id = %(count)s AND i.applied AND i.answer = 'loss' AND i.counted = 0
"""
_CLOSE = """
UPDATE assets_assetspell SET until_on = {greatest}(from_on, %(today)s)
WHERE school_id = %(school)s AND until_on IS NULL
    AND asset_id IN (SELECT asset_id FROM assets_stocktakeitem WHERE school_id = %(school)s AND stocktake_id = %(count)s AND applied)
"""
_NEXT = """
INSERT INTO assets_assetspell (school_id, asset_id, seq, from_on, state, place_id, department_id, user_id, custodian_id, responsible_id, quantity, value)
SELECT a.school_id, a.id, s.seq + 1, s.until_on, a.state, a.place_id, a.department_id, a.user_id, a.custodian_id, a.responsible_id, a.quantity, a.value
FROM assets_stocktakeitem i JOIN assets_asset a ON a.id = i.asset_id
JOIN assets_assetspell s ON s.school_id = i.school_id AND s.asset_id = i.asset_id
WHERE i.school_id = %(school)s AND i.stocktake_id = %(count)s AND i.applied AND s.seq = (
    SELECT max(l.seq) FROM assets_assetspell l WHERE l.school_id = i.school_id AND l.asset_id = i.asset_id)
"""
_DIALECT = {"sqlite": {"yes": "1", "greatest": "max"}, "postgresql": {"yes": "true", "greatest": "greatest"}}


@step
def apply_count(ctx: Ctx, stocktake: Stocktake) -> None:
    """The last signature is given: the register follows what was found, in five statements whatever their number.

    What was lent, moved, disposed of or divided after the count was closed has papers of its own and is left as it is.
    """
    items = StocktakeItem.objects.filter(stocktake=stocktake)
    answered = items.filter(answer__in=(Answer.FOLLOW, Answer.LOSS)).values("asset")
    if connection.vendor == "postgresql":
        list(Asset.objects.filter(pk__in=answered).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    given = {"school": ctx.school.pk, "count": stocktake.pk, "today": connection.ops.adapt_datefield_value(ctx.today)}
    with connection.cursor() as cursor:
        cursor.execute(_TO_FOLLOW.format(**_DIALECT[connection.vendor]), given)
        parts = items.filter(applied=True, answer=Answer.LOSS, counted__gt=0).select_related("asset")
        for row in parts:
            _lose_a_part(ctx, row)
        for text in (_FOLLOW, _STRIKE, _CLOSE, _NEXT):
            cursor.execute(text.format(**_DIALECT[connection.vendor]), given)
    items.filter(answer__in=(Answer.FOLLOW, Answer.LOSS), applied=False).update(reason="批准前已另办手续，没有再调")
    ctx.touch((_Card(pk) for pk in items.filter(applied=True).values_list("asset_id", flat=True)), "adjusted")
    ctx.touch(_enter_surplus(ctx, stocktake), "entered")
    Stocktake.objects.filter(pk=stocktake.pk).update(phase=Stocktake.Phase.DONE)


class _Card(NamedTuple):
    """A card as far as a history needs it: ten thousand whole ones would take a second to make."""

    pk: int
    kind: str = Asset.kind


def _lose_a_part(ctx: Ctx, row: StocktakeItem) -> None:
    """Of forty-five desks forty-three are left: quantity, value and what was charged go down in proportion; the rate follows."""
    card = row.asset
    left = row.counted / card.quantity
    gone = (card.accumulated * (1 - left)).quantize(Decimal("0.01"))
    card.value = (card.value * left).quantize(Decimal("0.01"))
    card.accumulated = min(card.accumulated - gone, card.value)
    back = card.charges.aggregate(total=Sum("amount", default=Decimal(0)))["total"] - card.accumulated
    card.quantity = row.counted
    if back:
        DepreciationCharge.objects.create(
            school=ctx.school, asset=card, month=rules.first_of_month(ctx.today), months=0, reversal=True, amount=-back
        )
    steps.set_life(card)
    card.save(update_fields=["quantity", "value", "accumulated", "monthly", "life_months"])


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
