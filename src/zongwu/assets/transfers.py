"""Between the ledger sheet and the register: what is there already, how rows are written, taken back, exported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from zongwu.assets import steps
from zongwu.assets.actions.cards import SERIES
from zongwu.assets.filters import AssetFilters
from zongwu.assets.models import (
    EXACT_ENOUGH,
    Asset,
    AssetSpell,
    Condition,
    DepreciationCharge,
    Method,
    Precision,
    State,
    ValueType,
)
from zongwu.assets.sheets import LEDGER
from zongwu.kernel import bulk, numbering, pinyin
from zongwu.kernel.actions import step
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.transfer import runs
from zongwu.kernel.transfer.making import Unknown
from zongwu.kernel.transfer.runs import ImportRow, Kind, Line, Record, Written
from zongwu.school import making
from zongwu.school import steps as school
from zongwu.school.models import Department
from zongwu.school.queries import department_by_word
from zongwu.ui.filters import narrowed

STATE = {state.label: state.value for state in State}
METHOD = {method.label: method.value for method in Method}
CONDITION = {condition.label: condition.value for condition in Condition}
RELATED = ("place", "department", "user", "custodian", "responsible", "supplier")
_KEPT = ("spec", "brand", "serial", "funding", "remark")
_TEXTS = dict(zip(_KEPT, _KEPT, strict=True)) | {
    "unit": "unit",
    "finance_no": "finance_number",
    "category_2010": "category_2010",
}
_FIXED = {"id", "school", "in_books_on", "accumulated", "months_taken", "void"}
"""What an import never writes on a card that exists."""


def record_of(card: Asset) -> Record:
    """A card in the sheet's own terms: what an export writes and an import compares."""
    return {
        "no": card.number, "finance_no": card.finance_number, "name": card.name, "category": card.category,
        "category_2010": card.category_2010, "unit": card.unit, "qty": card.quantity, "price": card.unit_price,
        "amount": card.value, "date": _written_date(card), "date_precision": card.precision,
        "method": card.get_method_display(), "supplier": card.supplier.name if card.supplier else "",
        "dept": card.department.name if card.department else "", "loc": card.place.word if card.place else "",
        "user": card.user.name if card.user else "", "custodian": card.custodian.name if card.custodian else "",
        "responsible": card.responsible.name if card.responsible else "",
        "state": card.get_state_display() if card.state_known else "",
        "condition": card.get_condition_display() if card.condition == Condition.BROKEN else "",
        "warranty": card.warranty_until.isoformat() if card.warranty_until else "", "life": card.life_months,
    } | {name: getattr(card, name) for name in _KEPT}  # fmt: skip


def _written_date(card: Asset) -> str:
    if card.acquired_on is None:
        return ""
    length = {Precision.MONTH: 7, Precision.RANGE: 7, Precision.YEAR: 4}.get(Precision(card.precision), 10)
    return card.acquired_on.isoformat()[:length]


def existing() -> runs.Find:
    """For each row the card of that number; a row without a number is new, but for those that became a card before."""
    nameless = _numbered_by_us()

    def find(records: Sequence[Record]) -> Sequence[Record | None]:
        known = _cards([str(record["no"]) for record in records if record.get("no")])
        cards = [known.get(str(record["no"])) if record.get("no") else _taken(nameless, record) for record in records]
        return [record_of(card) if card else None for card in cards]

    return find


def _content(record: Record) -> tuple[str, ...]:
    """What tells one row without a number from another."""
    return tuple(str(record.get(key) or "") for key in ("name", "spec", "qty", "amount", "date", "dept", "loc", "user"))


def _numbered_by_us() -> dict[tuple[str, ...], list[int]]:
    """Content of imported rows that had no number → the live cards that they became: the same file makes no second one."""
    found: dict[tuple[str, ...], list[int]] = {}
    rows = ImportRow.objects.filter(
        run__sheet_kind=LEDGER.kind, run__state="applied", object_id__isnull=False, record__no_assigned=True
    )
    live = set(Asset.objects.live().filter(pk__in=rows.values("object_id")).values_list("pk", flat=True))
    for object_id, record in rows.order_by("pk").values_list("object_id", "record"):
        if object_id in live:
            found.setdefault(_content(record), []).append(object_id)
    return found


def _taken(nameless: dict[tuple[str, ...], list[int]], record: Record) -> Asset | None:
    """The next card that such a row became before; each stands for one row only."""
    waiting = nameless.get(_content(runs.jsonable(record) or {}))
    return Asset.objects.select_related(*RELATED).get(pk=waiting.pop(0)) if waiting else None


def _cards(numbers: Sequence[str], *, lock: bool = False) -> dict[str, Asset]:
    """Number → live card, fetched by the five hundred; locked in the order of their ids where they will be written."""
    cards = Asset.objects.live().select_related(*RELATED).order_by("pk")
    if len(numbers) > 500:  # a whole ledger: what the school has not yet need not be asked for
        numbers = sorted(set(numbers).intersection(Asset.objects.live().values_list("number", flat=True)))
    if lock:
        cards = cards.select_for_update(of=("self",))
    return {
        card.number: card
        for at in range(0, len(numbers), 500)
        for card in cards.filter(number__in=numbers[at : at + 500])
    }


def _allowed(ctx: Ctx, cards: Sequence[Asset], before: Mapping[str, Record]) -> None:
    """An import changes no more than the person may by hand.

    :raises Refused: it would change a value without the right to, or dispose of or lend a card past the paperwork.
    """
    old = [(card, before[card.number]) for card in cards if card.number in before]
    if not ctx.may("assets.revalue_asset") and (priced := [c.number for c, b in old if c.value != b["value"]]):
        raise Refused(f"这些卡片的原值和表上不同，改价值要由总务主任或会计来办：{'、'.join(priced[:10])}。")
    grave = (State.DISPOSED, State.LENT)
    if passed := [c.number for c, b in old if c.state != b["state"] and (c.state in grave or b["state"] in grave)]:
        raise Refused(f"这些卡片的处置或借出要走手续，不能用导入改：{'、'.join(passed[:10])}。")


@step
def write(ctx: Ctx, rows: Sequence[Line]) -> Sequence[Written]:
    """Create and update cards, set-based; departments, places, people and suppliers that are new are made.

    :raises Refused: a value that is smaller than what was depreciated already; every such card is named.
    """
    names, numbers = _Names(ctx, [row.record for row in rows]), _numbers(ctx, rows)
    known = _cards(numbers, lock=True)
    before = {number: runs.snapshot(card) for number, card in known.items()}
    blank = Asset(school=ctx.school)
    cards = [
        _fill(known.get(number) or bulk.twin(blank), number, row.record, names)
        for row, number in zip(rows, numbers, strict=True)
    ]
    _allowed(ctx, cards, before)
    if low := [card.number for card in cards if card.value < card.accumulated]:
        raise Refused(f"这些卡片的新原值小于已提的累计折旧，没有写入：{'、'.join(low[:10])}。")
    steps.enter_cards(ctx, [card for card in cards if card.pk is None])
    updated = [card for card in cards if card.number in known]
    _update(ctx, updated, {card.pk: before[card.number] for card in updated})
    return [Written(card.pk, before.get(card.number)) for card in cards]


@step
def prepare(ctx: Ctx, rows: QuerySet[ImportRow]) -> None:
    """Numbers in the sheet are taken, also those of rows that come after one without."""
    numbering.observe(ctx.school.pk, SERIES, runs.given(rows, "no"))


def _numbers(ctx: Ctx, rows: Sequence[Line]) -> list[str]:
    """Each row's number; rows without one get the school's next of their year, all of a year at once."""
    given = [str(row.record.get("no") or "") for row in rows]
    years = [int(str(row.record.get("date") or ctx.today)[:4]) for row in rows]
    wanted: dict[int, int] = {}
    for number, year in zip(given, years, strict=True):
        if not number:
            wanted[year] = wanted.get(year, 0) + 1
    drawn = {year: iter(numbering.take(ctx.school.pk, SERIES, year, count)) for year, count in sorted(wanted.items())}
    return [number or next(drawn[year]) for number, year in zip(given, years, strict=True)]


class _Names:
    """Names of the sheet → ids of the school."""

    def __init__(self, ctx: Ctx, records: Sequence[Record]) -> None:
        def all_of(*keys: str) -> set[str]:
            return {str(record[key]) for record in records for key in keys if record.get(key)}

        self.departments = school.ensure_departments(ctx, all_of("dept"))
        self.places = school.ensure_places(ctx, all_of("loc"))
        self.people = school.ensure_people(ctx, all_of("user", "custodian", "responsible"))
        self.suppliers = school.ensure_suppliers(ctx, all_of("supplier"))


def _fill(card: Asset, number: str, record: Record, names: _Names) -> Asset:
    """The card as the row describes it. What the sheet has no column for leaves the card as it is."""
    card.number, card.name, card.pinyin = number, record["name"], pinyin.sort_key(record["name"])
    card.value = Decimal(str(record["amount"]))
    if card.pk is None or not record.get("qty_assumed"):
        card.quantity = Decimal(str(record["qty"]))
    if record.get("price") is not None:
        card.unit_price = Decimal(str(record["price"]))
    for key, field in _TEXTS.items():
        if key in record:
            setattr(card, field, str(record[key] or ""))
    if record.get("category") and record["category"] != card.category:
        card.category, card.category_confirmed = record["category"], False
    if record.get("life"):
        card.life_months = record["life"]
    if record.get("method"):
        card.method = METHOD.get(record["method"], Method.OTHER)
    if "date_precision" in record:
        _date(card, record)
    if record.get("warranty"):
        card.warranty_until = date.fromisoformat(record["warranty"])
    _standing(card, record, names)
    card.value_type = _value_type(card)
    steps.set_life(card)
    return card


def _value_type(card: Asset) -> str:
    """Nothing is worth nothing: what has no value is kept at its nominal one until somebody finds out."""
    if card.value == 0:
        return ValueType.NOMINAL
    return ValueType.COST if card.value_type == ValueType.NOMINAL and card.value > 1 else card.value_type


def _date(card: Asset, record: Record) -> None:
    written, card.precision = record.get("date"), record["date_precision"]
    card.acquired_on = (
        date.fromisoformat(written + "-01-01"[len(written) - 10 :] if len(written) < 10 else written)
        if written
        else None
    )
    card.date_text = str(record.get("date_text") or "")[:40]
    if card.precision in EXACT_ENOUGH and not (card.pk and card.charges.exists()):
        card.posted_on = card.acquired_on


def _standing(card: Asset, record: Record, names: _Names) -> None:
    """State, condition, place and people; a new card whose state nobody wrote down is in use until confirmed."""
    if "state" in record:
        card.state_known = bool(record["state"])
        card.state = STATE.get(record["state"] or "", card.state if card.pk else State.IN_USE)
    elif card.pk is None:
        card.state_known = False
    if "condition" in record:
        card.condition = CONDITION.get(record["condition"] or "", Condition.GOOD)
    links = {
        field: ids[record[key]] if record[key] else None
        for field, key, ids in (
            ("department_id", "dept", names.departments), ("place_id", "loc", names.places), ("user_id", "user", names.people),
            ("custodian_id", "custodian", names.people), ("responsible_id", "responsible", names.people),
            ("supplier_id", "supplier", names.suppliers),
        )
        if key in record
    }  # fmt: skip
    vars(card).update(links)  # past the descriptors, which forget a related row that nobody reads from here on


def _update(ctx: Ctx, cards: Sequence[Asset], before: Mapping[int, Record]) -> None:
    """Write changed cards; what a spell holds opens a new one from today where it changed."""
    if not cards:
        return
    spells = {s.asset_id: s for s in AssetSpell.objects.filter(asset__in=[card.pk for card in cards], until_on=None)}
    turned = [c for c in cards if any(getattr(spells[c.pk], name) != getattr(c, name) for name in steps.SPELL)]
    steps.set_order_keys(cards)
    fields = [f.name for f in Asset._meta.concrete_fields if f.name not in _FIXED]
    Asset.objects.bulk_update(cards, fields, batch_size=100)
    steps.turn_many(ctx, turned)
    steps.restart(ctx, [card for card in cards if str(card.acquired_on) != str(before[card.pk]["acquired_on"])])


@step
def restore(ctx: Ctx, rows: Sequence[Line]) -> None:
    """Void what an import created; give updated cards every old value back.

    :raises Refused: a card was depreciated since; the month's books stand.
    """
    created = [row.object_id for row in rows if row.before is None]
    for at in range(0, len(created), 500):
        some = created[at : at + 500]
        if charge := DepreciationCharge.objects.filter(asset__in=some).select_related("asset").first():
            raise Refused(f"{charge.asset.number} 等卡片导入后已经提过折旧，不能整批撤销；个别错的请单独改。")
        Asset.objects.filter(pk__in=some).update(void=True)
    changed = {row.object_id: row.before for row in rows if row.before is not None}
    cards = list(Asset.objects.filter(pk__in=list(changed)))
    present = {card.pk: runs.snapshot(card) for card in cards}
    for card in cards:
        runs.put_back(card, changed[card.pk], _FIXED)
    _update(ctx, cards, present)


def records(ctx: Ctx, conditions: Mapping[str, str]) -> Iterable[Record]:
    """Every card that the person may see, by number; `conditions` are the list's own.

    :raises Refused: a condition that the list does not have.
    """
    rows = narrowed(AssetFilters, Asset.objects.visible_to(ctx), conditions)
    for card in rows.select_related(*RELATED).order_by("number").iterator(chunk_size=2000):
        yield record_of(card) | {"date_text": card.date_text, "condition": card.get_condition_display()}


def unknown(records: Sequence[Record]) -> Unknown:
    """Rooms, people, departments and suppliers of the ledger of which the school has not heard."""

    def all_of(*keys: str) -> set[str]:
        return {str(record[key]) for record in records for key in keys if record.get(key)}

    return making.unknown(
        departments=all_of("dept"), places=all_of("loc"), suppliers=all_of("supplier"),
        people=all_of("user", "custodian", "responsible"),
    )  # fmt: skip


def own_words() -> dict[str, dict[str, str]]:
    """What this school calls its departments: its own names and aliases come before the usual ones."""
    names = dict(Department.objects.filter(closed_on=None).values_list("pk", "name"))
    return {"dept": {word: names[pk] for word, pk in department_by_word().items()}}


runs.HARMLESS.add("asset.labelled")
runs.register(
    Kind(
        LEDGER,
        Asset,
        "assets.import_assets",
        existing=existing,
        prepare=prepare,
        write=write,
        restore=restore,
        records=records,
        words=own_words,
        makes=unknown,
    )
)
