"""Writes of the ledger: what is taken, what is put, and the slip that says why. Quantities move, they are never set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from zongwu.kernel import bulk, numbering, pinyin
from zongwu.kernel.actions import step
from zongwu.kernel.amounts import plain_quantity, round_price, round_yuan, to_fen
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school.models import Place
from zongwu.stores import rules
from zongwu.stores.models import Balance, Item, Move, Slip, StockCount, StockCountLine

SERIES = {
    "receipt": "RK", "issue": "CK", "loan": "WJ", "return": "TK", "transfer": "DK", "send_back": "TH", "loss": "BS", "correct": "GZ", "count": "PD", "used": "YL",
}  # fmt: skip
"""Slip → the letters of its number; continuous within a year (rules.md §2.3)."""
NUMBERS = "WP"
MOST_YUAN = Decimal(10**10)
"""Of one line: beyond this somebody leant on a key."""


class Line(NamedTuple):
    """What a slip is to say of one item, in its own unit."""

    item: Item
    quantity: Decimal
    price: Decimal | None = None
    """Yuan a piece; None where the average of what lies there decides."""
    lot: str = ""
    expires_on: date | None = None
    note: str = ""
    value: Decimal | None = None
    """Yuan, where a paper says so; else quantity × price."""
    of: int | None = None
    """The move that this one brings back."""


@step
def ensure_items(ctx: Ctx, items: Sequence[Item]) -> None:
    """Give those that are not in the catalogue yet a number and write them; those that were closed are open again."""
    fresh = [item for item in items if item.pk is None]
    unnumbered = [item for item in fresh if not item.number]
    for item, number in zip(unnumbered, _numbers(ctx, NUMBERS, len(unnumbered)), strict=True):
        item.number = number
    for item in fresh:
        item.school, item.pinyin = ctx.school, pinyin.sort_key(str(item))
        item.save()
    ctx.touch(fresh, "made")
    closed = [item for item in items if item.pk is not None and item.closed_on is not None]
    for item in closed:  # what comes in again is kept again
        item.closed_on = None
    Item.objects.filter(pk__in=[item.pk for item in closed]).update(closed_on=None)
    ctx.touch(closed, "reopened")


def _numbers(ctx: Ctx, series: str, count: int) -> list[str]:
    return numbering.take(ctx.school.pk, series, ctx.today.year, count) if count else []


@step
def take(ctx: Ctx, place: Place, lines: Sequence[Line], *, good_on: date | None = None) -> list[Move]:
    """Take goods out of a storeroom, what expires first first; with `good_on` nothing that has expired by then. The rows are locked in key order, looked at again, then changed.

    :raises Refused: there is not enough; every line that lacks is named, and nothing is taken.
    """
    lying: dict[int, list[Balance]] = {}
    for balance in Balance.objects.locked((line.item.pk for line in lines), place):
        lying.setdefault(balance.item_id, []).append(balance)
    moves, short, touched = [], [], {}
    for line in lines:
        meant = [one for one in lying.get(line.item.pk, ()) if not line.lot or one.lot == line.lot]
        batches = [one for one in meant if not (good_on and one.expires_on and one.expires_on < good_on)]
        taken = rules.pick(batches, line.quantity)
        if sum((one.quantity for one in taken), Decimal(0)) < line.quantity:
            past = "（已过期的不发）" if len(batches) < len(meant) else ""
            short.append(_short(place, line, sum((one.quantity for one in batches), Decimal(0)), past))
            continue
        for one in taken:
            batch = batches[one.at]
            batch.quantity, batch.value = batch.quantity - one.quantity, batch.value - one.value
            touched[batch.pk] = batch
            moves.append(
                Move(
                    school=ctx.school, item=line.item, lot=batch.lot, expires_on=batch.expires_on, from_place=place,
                    quantity=one.quantity, value=one.value, price=round_price(one.value / one.quantity), note=line.note, of_id=line.of,
                )
            )  # fmt: skip
    if short:
        raise Refused(*short[:10])
    _update(list(touched.values()))
    return moves


@step
def use_up(ctx: Ctx, place: Place, lines: Sequence[Line], purpose: str) -> Slip:
    """Goods are used up in work by whoever keeps them: nobody receives them and nobody signs. `repairs` asks for it.

    :raises Refused: there is not enough.
    """
    moves = take(ctx, place, lines, good_on=ctx.today)
    slip = enter(ctx, Slip(form=Slip.Form.USED, on=ctx.today, place=place, purpose=purpose), moves)
    ctx.touch([slip], "slip")
    ctx.touch({move.item_id: move.item for move in moves}.values(), "moved")
    return slip


@step
def enough(ctx: Ctx, place: Place, lines: Sequence[Line]) -> None:
    """:raises Refused: not all of this lies there; every item that lacks is named. The rows stay locked."""
    there: dict[int, Decimal] = {}
    for one in Balance.objects.locked((line.item.pk for line in lines), place):
        there[one.item_id] = there.get(one.item_id, Decimal(0)) + one.quantity
    if short := [
        _short(place, line, there.get(line.item.pk, Decimal(0)))
        for line in lines
        if there.get(line.item.pk, Decimal(0)) < line.quantity
    ]:
        raise Refused(*short[:10])


@step
def apply_count(ctx: Ctx, count: StockCount) -> None:
    """The last signature is given: the differences are booked as moves, at the average that lies there; what matches is left alone.

    :raises Refused: less lies there now than the count lacks, since it was issued meanwhile.
    """
    lines = [line for line in count.lines.select_related("item").order_by("seq") if line.difference]
    if not lines:
        return
    lying = _batches(count.place, (line.item_id for line in lines))
    more, less = [line for line in lines if line.difference > 0], [line for line in lines if line.difference < 0]
    found = [
        Line(
            line.item,
            line.difference,
            _average(lying.get((line.item_id, line.lot)), line.item),
            line.lot,
            _expiry(lying, line),
            line.reason,
        )
        for line in more
    ]
    moves = arriving(ctx, found)
    put(ctx, count.place, moves)
    gone = [
        Move(
            school=ctx.school,
            item=line.item,
            lot=line.lot,
            expires_on=_expiry(lying, line),
            quantity=-line.difference,
            value=Decimal(0),
            note=line.reason,
        )
        for line in less
    ]
    for move in gone:
        there = lying.get((move.item_id, move.lot))
        move.value = (
            rules.cost(there.quantity, there.value, min(move.quantity, there.quantity))
            if there and there.quantity
            else Decimal(0)
        )
        move.price = round_price(move.value / move.quantity)
    take_exactly(ctx, count.place, gone)
    slip = enter(
        ctx,
        Slip(
            form=Slip.Form.COUNT,
            on=ctx.today,
            place=count.place,
            keeper=count.applicant,
            purpose=f"盘点 {count.number}",
        ),
        [*moves, *gone],
    )
    count.slip = slip
    count.save(update_fields=["slip"])
    ctx.touch([slip], "slip")


def _batches(place: Place, items: Iterable[int]) -> dict[tuple[int, str], Balance]:
    """(item, batch) → what a storeroom has of it, locked."""
    return {(one.item_id, one.lot): one for one in Balance.objects.locked(items, place)}


def _average(there: Balance | None, item: Item) -> Decimal:
    return round_price(there.value / there.quantity) if there and there.quantity else item.price


def _expiry(lying: Mapping[tuple[int, str], Balance], line: StockCountLine) -> date | None:
    there = lying.get((line.item_id, line.lot))
    return there.expires_on if there else None


@step
def hold(places: Sequence[Place], items: Sequence[int]) -> None:
    """Lock what two storerooms have of some items in one order, so that those who move the other way wait instead of blocking each other."""
    list(Balance.objects.locked(items, *places).values_list("pk"))


@step
def take_exactly(ctx: Ctx, place: Place, moves: Sequence[Move]) -> None:
    """Take these very batches, at what the moves say they cost, as far as that still lies there: for what takes a slip back.

    :raises Refused: some of it is gone already.
    """
    lying = _batches(place, (move.item_id for move in moves))
    short = []
    for move in moves:
        batch = lying.get((move.item_id, move.lot))
        there = batch.quantity if batch else Decimal(0)
        if batch is None or there < move.quantity:
            short.append(_short(place, Line(move.item, move.quantity, lot=move.lot), there))
            continue
        average = rules.cost(there, batch.value, move.quantity)
        move.value = move.value if there > move.quantity and batch.value >= move.value else average
        batch.quantity, batch.value, move.from_place = there - move.quantity, batch.value - move.value, place
    if short:
        raise Refused(*short[:10])
    _update(list({lying[move.item_id, move.lot].pk: lying[move.item_id, move.lot] for move in moves}.values()))


def _short(place: Place, line: Line, there: Decimal, past: str = "") -> str:
    unit, batch = line.item.unit, f"（批次 {line.lot}）" if line.lot else ""
    return f"{line.item}{batch} 在{place}只有 {plain_quantity(there)} {unit}，不够 {plain_quantity(line.quantity)} {unit}{past}。"


def _update(balances: Sequence[Balance]) -> None:
    if len(balances) == 1:
        balances[0].save(update_fields=["quantity", "value"])
    elif balances:
        Balance.objects.bulk_update(balances, ["quantity", "value"], batch_size=300)


def arriving(ctx: Ctx, lines: Sequence[Line]) -> list[Move]:
    """What comes from outside, as moves that have not been put anywhere yet."""
    moves = []
    for line in lines:
        if line.quantity * (line.price or Decimal(0)) >= MOST_YUAN:
            raise Refused(fields={"lines": f"{line.item} 的数量乘单价大得不像真的，请核对。"})
        value = line.value if line.value is not None else round_yuan(line.quantity * (line.price or Decimal(0)))
        price = line.price if line.price is not None else round_price(value / line.quantity)
        moves.append(
            Move(
                school=ctx.school, item=line.item, lot=line.lot, expires_on=line.expires_on, quantity=line.quantity, value=value,
                price=price, note=line.note, of_id=line.of,
            )
        )  # fmt: skip
    return moves


@step
def put(ctx: Ctx, place: Place, moves: Sequence[Move]) -> None:
    """Put what the moves bring into a storeroom.

    :raises Refused: a batch that lies there already expires on another day.
    """
    wanted = {(move.item_id, move.lot): move.expires_on for move in moves}
    Balance.objects.bulk_create(
        (
            Balance(school=ctx.school, place=place, item_id=item, lot=lot, expires_on=expires)
            for (item, lot), expires in wanted.items()
        ),
        ignore_conflicts=True,
    )
    lying = _batches(place, (item for item, _ in wanted))
    odd = []
    for move in moves:
        balance = lying[move.item_id, move.lot]
        if balance.expires_on != move.expires_on:
            if balance.quantity and move.expires_on and balance.expires_on:
                odd.append(
                    f"{move.item} 批次 {move.lot or '（空）'} 已经有一批是 {balance.expires_on} 到期的，请另写一个批次。"
                )
            else:
                balance.expires_on = move.expires_on or balance.expires_on
        balance.quantity, balance.value = balance.quantity + move.quantity, balance.value + move.value
        move.to_place = place
    if odd:
        raise Refused(*odd)
    changed = [lying[key] for key in wanted]
    Balance.objects.bulk_update(changed, ["quantity", "value", "expires_on"], batch_size=300)


@step
def enter(ctx: Ctx, slip: Slip, moves: Sequence[Move]) -> Slip:
    """Write the slip with its moves. A number that it has already, of an imported paper, stays."""
    if not slip.number:
        slip.number = numbering.take(ctx.school.pk, SERIES[slip.form], slip.on.year)[0]
    slip.school, slip.keeper = ctx.school, slip.keeper or ctx.person
    slip.kinds = len({move.item_id for move in moves})
    slip.value = worth(slip, moves)
    first = moves[0].item
    slip.title = f"{slip.get_form_display()}{first}{f'等 {slip.kinds} 种' if slip.kinds > 1 else ''}"[:120]
    bulk.insert_object(slip)
    for seq, move in enumerate(moves, start=1):
        move.slip, move.seq, move.on = slip, seq, slip.on
    if len(moves) == 1:
        bulk.insert_object(moves[0])
    else:
        Move.objects.bulk_create(moves, batch_size=500)
    return slip


@step
def receive(ctx: Ctx, slip: Slip, lines: Sequence[Line]) -> list[Move]:
    """Goods come in: put them, and remember the last price. `purchasing` asks for it when a delivery was accepted."""
    ensure_items(ctx, [line.item for line in lines])
    moves = arriving(ctx, lines)
    put(ctx, slip.place, moves)
    priced = {move.item_id: move.item for move in moves if move.price and move.price != move.item.price}
    for move in moves:
        if move.price:
            move.item.price = move.price
    Item.objects.bulk_update(priced.values(), ["price"], batch_size=300)
    enter(ctx, slip, moves)
    return moves


def worth(slip: Slip, moves: Sequence[Move]) -> Decimal:
    """What a slip is worth: what came less what went back with it, the other way round, or what only changed storeroom.
    A receipt by which more went back than came is worth less than nothing."""
    came, went = (
        sum((move.value for move in moves if getattr(move, f"{end}_id") is None), Decimal(0)) for end in ("from_place", "to_place")
    )  # fmt: skip
    if slip.form == Slip.Form.RECEIPT:
        return came - went
    return abs(came - went) if came or went else sum((move.value for move in moves), Decimal(0))


@step
def take_back(ctx: Ctx, slip: Slip, reason: str) -> tuple[Slip, list[Move]]:
    """A slip in the other direction, over the very batches. Both stay.

    :raises Refused: some of what came in was issued since, or some of what went out has come back.
    """
    moves = list(slip.moves.select_related("item", "from_place", "to_place").order_by("seq"))
    if Move.objects.coming_back().filter(of__in=moves).exists():
        raise Refused("这张单上的东西已经有退回来的，请先冲销退回单。")
    opposite = Slip(
        form=Slip.Form.CORRECT, on=max(ctx.today, slip.on), place=slip.to_place or slip.place, to_place=slip.place if slip.to_place else None,
        receiver=slip.receiver, department=slip.department, school_class=slip.school_class, supplier=slip.supplier, purpose=reason[:100], reverses=slip,
    )  # fmt: skip
    back = [
        Move(school=ctx.school, item=one.item, lot=one.lot, expires_on=one.expires_on, quantity=one.quantity, value=one.value, price=one.price)
        for one in moves
    ]  # fmt: skip
    pairs = list(zip(moves, back, strict=True))
    hold([place for one in moves for place in (one.from_place, one.to_place) if place], [one.item_id for one in moves])
    for place in {one.to_place for one in moves if one.to_place}:
        take_exactly(ctx, place, [move for one, move in pairs if one.to_place == place])
    for place in {one.from_place for one in moves if one.from_place}:
        put(ctx, place, [move for one, move in pairs if one.from_place == place])
    return enter(ctx, opposite, back), back


def told(ctx: Ctx, slip: Slip, moves: Sequence[Move], **facts: Any) -> dict[str, Any]:
    """What the journal says of a slip: its sums, and everything that it touched."""
    items = {move.item_id: move.item for move in moves}
    fresh = {one.pk for one, role in ctx.also if role == "made"}
    also: list[tuple[Any, str]] = [(item, "made" if pk in fresh else "moved") for pk, item in items.items()]
    also += [
        (one, role)
        for one, role in ((slip.receiver, "receiver"), (slip.supplier, "supplier"), (slip.place, "place"))
        if one
    ]
    return {
        "form": slip.form,
        "on": slip.on,
        "kinds": slip.kinds,
        "value_fen": to_fen(slip.value),
        "also": also,
        **facts,
    }
