"""Between the ledger sheet and the register: what is there already, how rows are written, taken back, exported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from zongwu.assets import catalogue, rules, steps
from zongwu.assets.actions.cards import SERIES
from zongwu.assets.filters import AssetFilters
from zongwu.assets.models import EXACT_ENOUGH, Asset, AssetSpell, Condition, Method, Precision, State, ValueType
from zongwu.assets.sheets import LEDGER
from zongwu.kernel import numbering, pinyin
from zongwu.kernel.actions import step
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.transfer import runs
from zongwu.kernel.transfer.runs import ImportRow, Kind, Record, Written
from zongwu.school import steps as school
from zongwu.school.models import Department
from zongwu.school.queries import department_by_word

STATE = {state.label: state.value for state in State}
METHOD = {method.label: method.value for method in Method}
CONDITION = {condition.label: condition.value for condition in Condition}
RELATED = ("place", "department", "user", "custodian", "responsible", "supplier")
_KEPT = ("spec", "brand", "serial", "funding", "remark")


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


def existing(records: Sequence[Record]) -> Sequence[Record | None]:
    """For each row the card of that number; a row without a number is always new."""
    known = _cards([str(record["no"]) for record in records if record.get("no")])
    cards = [known.get(str(record.get("no") or "")) for record in records]
    return [record_of(card) if card else None for card in cards]


def _cards(numbers: Sequence[str]) -> dict[str, Asset]:
    """Number → live card, fetched by the five hundred."""
    return {
        card.number: card
        for at in range(0, len(numbers), 500)
        for card in Asset.objects.live().filter(number__in=numbers[at : at + 500]).select_related(*RELATED)
    }


@step
def write(ctx: Ctx, rows: Sequence[ImportRow]) -> Sequence[Written]:
    """Create and update cards, set-based; departments, places, people and suppliers that are new are made."""
    names = _Names(ctx, [row.record for row in rows])
    numbers = _numbers(ctx, rows)
    known = _cards(numbers)
    before = {number: record_of(card) for number, card in known.items()}
    cards = [
        _fill(ctx, known.get(number) or Asset(school=ctx.school), number, row.record, names)
        for row, number in zip(rows, numbers, strict=True)
    ]
    steps.enter_cards(ctx, [card for card in cards if card.pk is None])
    _update(ctx, [card for card in cards if card.number in known])
    return [Written(card.pk, before.get(card.number)) for card in cards]


def _numbers(ctx: Ctx, rows: Sequence[ImportRow]) -> list[str]:
    """Each row's number; rows without one get the school's next of their year, all of a year at once."""
    given = [str(row.record.get("no") or "") for row in rows]
    numbering.observe(ctx.school.pk, SERIES, [number for number in given if number])
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


def _fill(ctx: Ctx, card: Asset, number: str, record: Record, names: _Names) -> Asset:
    """The card as the row describes it. A key that the sheet does not have leaves the card as it is."""
    card.number, card.name, card.pinyin = number, record["name"], pinyin.sort_key(record["name"])
    card.quantity, card.value = Decimal(str(record["qty"])), Decimal(str(record["amount"]))
    card.unit_price = Decimal(str(record["price"])) if record.get("price") is not None else Decimal(0)
    card.unit = record.get("unit") or ""
    if record.get("category") and record["category"] != card.category:
        card.category, card.category_confirmed = record["category"], False
    for key in _KEPT:
        if key in record:
            setattr(card, key, record[key] or "")
    card.category_2010 = str(record.get("category_2010") or card.category_2010)[:12]
    card.finance_number = record.get("finance_no") or card.finance_number
    card.method = METHOD.get(record.get("method") or "", card.method)
    card.life_months = record.get("life") or card.life_months
    _date(card, record)
    _standing(card, record, names)
    if card.value == 0:
        card.value_type = ValueType.NOMINAL
    eligible = rules.depreciates(
        category=card.category, confirmed=card.category_confirmed, exact_date=card.precision in EXACT_ENOUGH,
        nominal=card.value_type == ValueType.NOMINAL, life=card.life_months or catalogue.life_months(card.category),
    )  # fmt: skip
    if not eligible:
        card.monthly = Decimal(0)
    return card


def _date(card: Asset, record: Record) -> None:
    written, precision = record.get("date"), record.get("date_precision") or "none"
    card.precision = precision
    card.acquired_on = date.fromisoformat(f"{written}-01-01"[:10]) if written and len(written) == 4 else (
        date.fromisoformat(f"{written}-01"[:10]) if written else None
    )  # fmt: skip
    card.date_text = str(record.get("date_text") or "")[:40]
    card.posted_on = card.posted_on or (card.acquired_on if precision in EXACT_ENOUGH else None)
    if record.get("warranty"):
        card.warranty_until = date.fromisoformat(record["warranty"])


def _standing(card: Asset, record: Record, names: _Names) -> None:
    card.state_known = bool(record.get("state"))
    card.state = STATE.get(record.get("state") or "", State.IN_USE)
    card.condition = CONDITION.get(record.get("condition") or "", Condition.GOOD)
    for field, key, ids in (
        ("department_id", "dept", names.departments), ("place_id", "loc", names.places), ("user_id", "user", names.people),
        ("custodian_id", "custodian", names.people), ("responsible_id", "responsible", names.people),
        ("supplier_id", "supplier", names.suppliers),
    ):  # fmt: skip
        if key in record:
            setattr(card, field, ids[record[key]] if record[key] else None)


def _update(ctx: Ctx, cards: Sequence[Asset]) -> None:
    """Write changed cards; what a spell holds opens a new one from today where it changed."""
    if not cards:
        return
    open_spells = {
        s.asset_id: s for s in AssetSpell.objects.filter(asset__in=[card.pk for card in cards], until_on=None)
    }
    turned = [c for c in cards if any(getattr(open_spells[c.pk], name) != getattr(c, name) for name in steps.SPELL)]
    fields = [
        f.name
        for f in Asset._meta.concrete_fields
        if f.name not in {"id", "school", "in_books_on", "accumulated", "void"}
    ]
    Asset.objects.bulk_update(cards, fields, batch_size=100)
    steps.turn_many(ctx, turned, open_spells)


@step
def restore(ctx: Ctx, rows: Sequence[ImportRow]) -> None:
    """Void what an import created; give updated cards their old values back."""
    created = [row.object_id for row in rows if row.before is None]
    for at in range(0, len(created), 500):
        Asset.objects.filter(pk__in=created[at : at + 500]).update(void=True)
    changed = {row.object_id: row.before for row in rows if row.before is not None}
    names = _Names(ctx, list(changed.values()))
    cards = list(Asset.objects.filter(pk__in=list(changed)).select_related(*RELATED))
    _update(ctx, [_fill(ctx, card, card.number, _typed(changed[card.pk]), names) for card in cards])


def _typed(record: Record) -> Record:
    """A record that was kept as JSON, with nothing for empty texts."""
    return {key: value if value != "" else None for key, value in record.items()}


def records(ctx: Ctx, narrowed: Mapping[str, str]) -> Iterable[Record]:
    """Every card that the person may see, by number; `narrowed` are the list's own filters."""
    rows: Any = AssetFilters(dict(narrowed), queryset=Asset.objects.visible_to(ctx).live()).qs
    for card in rows.select_related(*RELATED).order_by("number").iterator(chunk_size=2000):
        yield record_of(card) | {"date_text": card.date_text, "condition": card.get_condition_display()}


def own_words() -> dict[str, dict[str, str]]:
    """What this school calls its departments: its own names and aliases come before the usual ones."""
    names = dict(Department.objects.filter(closed_on=None).values_list("pk", "name"))
    return {"dept": {word: names[pk] for word, pk in department_by_word().items()}}


runs.register(
    Kind(
        LEDGER,
        Asset,
        "assets.import_assets",
        existing=existing,
        write=write,
        restore=restore,
        records=records,
        words=own_words,
    )
)
