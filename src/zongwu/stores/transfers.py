"""Between the stock-in sheet and the ledger: which slips are there already, how they are entered, taken back, exported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from zongwu.kernel import bulk, numbering
from zongwu.kernel.actions import step
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.transfer import making as kernel_making
from zongwu.kernel.transfer import runs
from zongwu.kernel.transfer.making import Maker, Unknown
from zongwu.kernel.transfer.runs import ImportRow, Kind, Line, Record, Written
from zongwu.school import making
from zongwu.school import steps as school
from zongwu.school.models import Place
from zongwu.stores import queries, steps
from zongwu.stores.actions.items import KEEP
from zongwu.stores.models import Balance, Item, Move, Slip
from zongwu.stores.sheets import STOCK_IN

MOST = 10_000
FIRST = "本部/总务仓库"
NOT_COMPARED = ("no", "store", "item", "spec", "note", "paper")


def _called(name: str, spec: str | None) -> tuple[str, str]:
    """Name and specification as they are compared: A4复印纸 and A4 复印纸 are one thing."""
    return name.replace(" ", ""), (spec or "").replace(" ", "")


def _line_of(record: Record) -> tuple[Any, ...]:
    """What tells one line of a slip from another."""
    return *_called(record["item"], record.get("spec")), Decimal(str(record["qty"])), Decimal(str(record["amount"]))


def record_of(move: Move) -> Record:
    """A line of a receipt in the sheet's own terms."""
    slip, sign = move.slip, -1 if move.to_place_id is None else 1
    return {
        "doc": slip.number, "date": slip.on.isoformat(), "supplier": slip.supplier.name if slip.supplier else "", "paper": slip.paper_number, "item": move.item.name,
        "spec": move.item.spec, "unit": move.item.unit, "qty": sign * move.quantity, "price": move.price, "amount": sign * move.value, "note": move.note,
        "store": slip.place.word,
    }  # fmt: skip


def existing() -> runs.Find:
    """For each row the line of that slip that says the same; another line of a slip that is there is told as it stands."""

    def find(records: Sequence[Record]) -> Sequence[Record | None]:
        known = _known({str(record["doc"]) for record in records})
        return [_same(known.get(str(record["doc"])), record) for record in records]

    return find


def _known(numbers: Collection[str]) -> dict[str, list[Record]]:
    moves = Move.objects.filter(slip__number__in=numbers, slip__form=Slip.Form.RECEIPT).select_related(
        "item", "slip__supplier", "slip__place"
    )
    found: dict[str, list[Record]] = {}
    for move in moves.order_by("slip_id", "seq"):
        found.setdefault(move.slip.number, []).append(record_of(move))
    return found


def _same(lines: list[Record] | None, record: Record) -> Record | None:
    if not lines:
        return None
    found = next((line for line in lines if _line_of(line) == _line_of(record)), None)
    if found is not None:
        lines.remove(found)
    return (
        {**record, **{key: value for key, value in (found or {}).items() if key not in NOT_COMPARED}}
        if found
        else {**lines[0], "no": ""}
        if lines
        else {"doc": ""}
    )


@step
def prepare(ctx: Ctx, rows: QuerySet[ImportRow]) -> None:
    """Numbers of the sheet that look like ours are taken.

    :raises Refused: more lines than fit into one transaction of a slip each.
    """
    given = runs.given(rows, "doc")
    for series in steps.SERIES.values():
        numbering.observe(ctx.school.pk, series, given)
    if rows.count() > MOST:
        raise Refused(f"入库单一次最多导 {MOST} 行，请分几个文件。")


@step
def write(ctx: Ctx, rows: Sequence[Line]) -> Sequence[Written]:
    """Enter the slips, each with all its lines; items and suppliers that are new are made. A slip is never changed.

    :raises Refused: a number that stands already for something else, a return of what is not there, a storeroom that does not exist.
    """
    if changed := sorted({str(row.record["doc"]) for row in rows if row.effect == "update"}):
        raise Refused(
            f"这些单号已经入过库，内容和表上不同：{'、'.join(changed[:10])}。单子不能改，要改请先冲销原单，再换一个单号。"
        )
    suppliers = school.ensure_suppliers(ctx, {row.record["supplier"] for row in rows if row.record.get("supplier")})
    items = _items(ctx, [row.record for row in rows])
    stores = _stores(ctx, [row.record for row in rows])
    written: dict[int, Written] = {}
    slips: dict[str, list[Line]] = {}
    for row in sorted(rows, key=lambda row: (row.record["date"], row.pk)):
        slips.setdefault(row.record["doc"], []).append(row)
    if torn := [doc for doc, lines in slips.items() if len({_head_of(line.record) for line in lines}) > 1]:
        raise Refused(
            f"这些单号的各行写着不同的日期、供货单位、随货单号或仓库：{'、'.join(torn[:10])}。一张单子只能有一种，请改好再导。"
        )
    for lines in slips.values():
        slip = _enter(ctx, [line.record for line in lines], items, suppliers, stores)
        written |= {line.pk: Written(slip.pk) for line in lines}
    return [written[row.pk] for row in rows]


def _head_of(record: Record) -> tuple[str, ...]:
    return tuple(str(record.get(key) or "") for key in ("date", "supplier", "paper", "store"))


def _enter(
    ctx: Ctx,
    records: Sequence[Record],
    items: Mapping[tuple[str, str], Item],
    suppliers: Mapping[str, int],
    stores: Mapping[str, Place],
) -> Slip:
    first = records[0]
    slip = Slip(
        number=first["doc"], form=Slip.Form.RECEIPT, on=date.fromisoformat(first["date"]), place=stores[first.get("store") or ""],
        supplier_id=suppliers.get(first.get("supplier") or ""), paper_number=first.get("paper") or "",
    )  # fmt: skip
    lines = [
        steps.Line(
            items[_called(record["item"], record.get("spec"))], abs(Decimal(str(record["qty"]))), Decimal(str(record["price"])), note=record.get("note") or "",
            value=abs(Decimal(str(record["amount"]))),
        )
        for record in records
    ]  # fmt: skip
    signs = [Decimal(str(record["qty"])) < 0 for record in records]
    back = [line for line, gone in zip(lines, signs, strict=True) if gone]
    moves = steps.arriving(ctx, [line for line, gone in zip(lines, signs, strict=True) if not gone])
    steps.put(ctx, slip.place, moves)
    gone = [
        Move(school=ctx.school, item=line.item, quantity=line.quantity, value=line.value or Decimal(0), price=line.price or Decimal(0), note=line.note)
        for line in back
    ]  # fmt: skip
    steps.take_exactly(ctx, slip.place, gone)
    return steps.enter(ctx, slip, [*moves, *gone])


def _items(ctx: Ctx, records: Sequence[Record]) -> dict[tuple[str, str], Item]:
    """What is called like this → the item, made where the catalogue has none.

    :raises Refused: the sheet counts in another unit than the catalogue.
    """
    wanted = {_called(record["item"], record.get("spec")): record for record in records}
    every = ((_called(item.name, item.spec), item) for item in Item.objects.all())
    known = {key: item for key, item in every if key in wanted}
    if odd := [
        f"{item}（目录按{item.unit}，表上按{wanted[key]['unit']}）"
        for key, item in known.items()
        if item.unit != wanted[key]["unit"]
    ]:
        raise Refused(f"单位和目录上的不一样，请改成一种：{'、'.join(odd[:10])}。")
    fresh = {
        key: Item(name=one["item"], spec=one.get("spec") or "", unit=one["unit"])
        for key, one in wanted.items()
        if key not in known
    }
    steps.ensure_items(ctx, [*known.values(), *fresh.values()])
    items = known | fresh
    for key, one in wanted.items():
        if not items[key].price:  # an old slip does not say what things cost today
            items[key].price = Decimal(str(one["price"]))
    Item.objects.bulk_update(items.values(), ["price"], batch_size=300)
    return items


def _stores(ctx: Ctx, records: Sequence[Record]) -> dict[str, Place]:
    """Storeroom as the sheet calls it → the place; a school without any gets its head storeroom."""
    found = {"": queries.main_store() or school.ensure_path(ctx, FIRST, Place.Level.HEAD_STOREROOM)}
    named = {record["store"] for record in records if record.get("store")}
    words = school.ensure_places(ctx, named)
    for word in named:
        place = Place.objects.storerooms().filter(pk=words[word]).first()
        if place is None:
            raise Refused(f"没有叫「{word}」的库房，请照「场所」里的名称写，或者空着。")
        found[word] = place
    return found


@step
def restore(ctx: Ctx, rows: Sequence[Line]) -> None:
    """Take the slips back by slips in the other direction; their numbers are free again.

    :raises Refused: some of what came in is gone already.
    """
    for slip in Slip.objects.filter(pk__in={row.object_id for row in rows}).order_by("-on", "-pk"):
        steps.take_back(ctx, slip, "整批撤销导入")
        slip.number = f"{slip.number[:24]}-撤{slip.pk}"[:40]
        slip.save(update_fields=["number"])


def records(ctx: Ctx, conditions: Mapping[str, str]) -> Iterable[Record]:
    """Every line of every receipt that holds, by day and number."""
    if conditions:
        raise Refused("入库单导出没有筛选条件，要挑着导请在「出入库单」的列表里筛选后导出。")
    slips = Slip.objects.visible_to(ctx).standing().filter(form=Slip.Form.RECEIPT).values("pk")
    moves = Move.objects.filter(slip__in=slips).select_related("item", "slip__supplier", "slip__place")
    for move in moves.order_by("slip__on", "slip__number", "seq").iterator(chunk_size=2000):
        yield record_of(move) | {"no": f"{move.slip.number}/{move.seq}"}


def unknown(rows: Sequence[Record]) -> Unknown:
    """Items, suppliers and storerooms of which the school has not heard."""
    wanted = {
        _called(record["item"], record.get("spec")): f"{record['item']} {record.get('spec') or ''}".strip()
        for record in rows
    }
    known = {_called(name, spec) for name, spec in Item.objects.values_list("name", "spec")}
    names = sorted(words for key, words in wanted.items() if key not in known)
    spoken = making.unknown(
        suppliers={record["supplier"] for record in rows if record.get("supplier")},
        places={record["store"] for record in rows if record.get("store")},
    )
    return {**spoken, "item": names}


@step
def _forget_items(ctx: Ctx, ids: Sequence[int], on: date) -> Collection[Any]:
    """What an import that is taken back put into the catalogue, and nothing else has used: closed again."""
    used = Q(pk__in=Balance.objects.lying().values("item"))
    gone = list(Item.objects.open().filter(pk__in=bulk.listed(ids)).exclude(used))
    Item.objects.filter(pk__in=[item.pk for item in gone]).update(closed_on=on)
    return gone


kernel_making.register(Maker("item", "{n} 种物品", KEEP, _forget_items))
runs.register(
    Kind(
        STOCK_IN, Slip, "stores.import_stock", existing=existing, prepare=prepare, write=write, restore=restore, records=records, makes=unknown
    )
)  # fmt: skip
