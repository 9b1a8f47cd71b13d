"""Reads of the storerooms that pages and other domains use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q, Subquery, Sum, Value
from django.db.models.functions import Concat, Replace

from zongwu.kernel import bulk
from zongwu.kernel.accounts import Person
from zongwu.kernel.amounts import plain_quantity
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.prepared import Prepared
from zongwu.kernel.search import Findable
from zongwu.school.models import Appointment, Department, Place, SchoolClass
from zongwu.school.queries import term_on
from zongwu.stores.models import Balance, Item, Move, Quota, Requisition, RequisitionLine, Slip

FAVOURITES_DAYS = 120


def main_store() -> Place | None:
    """The head storeroom; where there is none, the first of the others."""
    found: Place | None = Place.objects.storerooms().open().order_by("level", "path").first()
    return found


def main_store_id() -> int | None:
    """Its id, where a form begins with it."""
    return getattr(main_store(), "pk", None)


def in_place(place: Place) -> str:
    """What lies in a storeroom and keeps it from being closed."""
    many = (
        Balance.objects.lying()
        .filter(place__in=Place.objects.under(place).values("pk"))
        .order_by()
        .values("item")
        .distinct()
        .count()
    )
    return f"里面还有 {many} 种存货" if many else ""


def of_person(person: Person) -> str:
    """What somebody has borrowed when he leaves."""
    many = Slip.objects.lent().filter(receiver=person).count()
    return f"还有 {many} 张借用单没有还清" if many else ""


def of_department(department: Department) -> str:
    many = Slip.objects.lent().filter(department=department).count()
    return f"还有 {many} 张借用单没有还清" if many else ""


def stock_of(person: Person | None) -> Place | None:
    """The branch storeroom that somebody keeps, such as a worker's parts; the first where he keeps several."""
    rows = Place.objects.storerooms().open().filter(keeper=person).exclude(level=Place.Level.HEAD_STOREROOM)
    return rows.order_by("path").first() if person else None


def findable(ids: Sequence[int] | None) -> Iterable[Findable]:
    """What the search knows of items."""
    rows = Item.objects.open() if ids is None else Item.objects.open().filter(pk__in=ids)
    for pk, number, name, spec in rows.values_list("pk", "number", "name", "spec").iterator(chunk_size=2000):
        yield Findable(pk, f"{name} {spec}".strip(), number, name, (number, spec))


def named(words: Sequence[str]) -> dict[str, list[Item]]:
    """Each word → the items that it may mean: by number, by name and specification, by name alone; spaces do not count."""
    bare = {word: "".join(word.split()) for word in words}
    whole, name = (Replace(one, Value(" "), Value("")) for one in (Concat("name", "spec"), "name"))
    rows = Item.objects.open().alias(whole=whole, bare=name)
    found = list(rows.filter(Q(number__in=bare.values()) | Q(whole__in=bare.values()) | Q(bare__in=bare.values())))
    told: dict[str, list[Item]] = {}
    for word, plain in bare.items():
        exact = [one for one in found if plain in (one.number, f"{one.name}{one.spec}".replace(" ", ""))]
        told[word] = exact or [one for one in found if one.name.replace(" ", "") == plain]
    return told


class Above(NamedTuple):
    """What goes beyond a department's quota."""

    item: Item
    quota: Decimal
    period: str
    used: Decimal
    wanted: Decimal

    def __str__(self) -> str:
        left = max(self.quota - self.used, Decimal(0))
        return f"{self.item}{self.period}定额 {plain_quantity(self.quota)} {self.item.unit}，已领 {plain_quantity(self.used)}，还能领 {plain_quantity(left)}"


def above_quota(department: int | None, wanted: Mapping[int, Decimal], on: date) -> list[Above]:
    """Which of these quantities go beyond what the department may take without approval. Its quotas stay locked: who takes some at
    another counter waits, and counts these."""
    quotas = Quota.objects.select_for_update(of=("self",)).order_by("pk")
    beyond = [
        (one, used)
        for one, used in _against_quota(quotas, department, wanted, on)
        if used + wanted[one.item_id] > one.quantity
    ]
    items = Item.objects.in_bulk([one.item_id for one, _ in beyond]) if beyond else {}
    return [
        Above(items[one.item_id], one.quantity, one.get_period_display(), used, wanted[one.item_id])
        for one, used in beyond
    ]


def quota_left(department: int | None, items: Sequence[int], on: date) -> dict[int, Decimal]:
    """Item → how much the department may still take; those without a quota are left out."""
    return {
        one.item_id: max(one.quantity - used, Decimal(0))
        for one, used in _against_quota(Quota.objects.all(), department, items, on)
    }


_RATIONED = Prepared(
    lambda department, items: Quota.objects.filter(department=department, item__in=bulk.listed(items)).values_list(
        "pk"
    ),
    int,
    list,
)  # most have none: asked by every slip


def _against_quota(
    quotas: Any, department: int | None, items: Collection[int], on: date
) -> list[tuple[Quota, Decimal]]:
    """The quotas of these items, each with what it is used up by already."""
    if department is None or not items:
        return []
    if not (rationed := _RATIONED(department, list(items))):
        return []
    found = list(quotas.filter(pk__in=[pk for (pk,) in rationed]))
    used = {period: _used(department, since) for period, since in _periods(found, on).items()}
    return [(one, used[one.period].get(one.item_id, Decimal(0))) for one in found]


def _periods(quotas: Sequence[Quota], on: date) -> dict[str, date]:
    asked = {one.period for one in quotas}
    found = {Quota.Period.MONTH.value: on.replace(day=1)} if Quota.Period.MONTH in asked else {}
    if Quota.Period.TERM in asked:
        term = term_on(on)
        found[Quota.Period.TERM.value] = term.begins_on if term else on.replace(month=1, day=1)
    return found


def _used(department: int, since: date) -> dict[int, Decimal]:
    """Item → what the department took from a day on, less what it brought back, and what waits to be fetched."""
    holds = Q(on__gte=since, slip__reverses=None, slip__reversed_by=None, slip__department=department)
    taken = Move.objects.filter(holds, slip__form=Slip.Form.ISSUE)
    back = Move.objects.filter(holds, slip__form=Slip.Form.RETURN, of__slip__form=Slip.Form.ISSUE, of__on__gte=since)
    ready = Requisition.objects.ready().filter(department=department, applied_on__gte=since).values("pk")
    waits = RequisitionLine.objects.filter(requisition__in=ready)
    sums: dict[int, Decimal] = {}
    for rows, sign in ((taken, 1), (back, -1), (waits, 1)):
        for item, total in rows.order_by().values_list("item").annotate(n=Sum("quantity")):
            sums[item] = sums.get(item, Decimal(0)) + sign * total
    return sums


def favourites(person: Person | None, place: Place, on: date, most: int = 12) -> list[int]:
    """The items that are taken most: by this person first, then by everybody."""
    since = on - timedelta(days=FAVOURITES_DAYS)
    rows = Move.objects.filter(
        slip__form=Slip.Form.ISSUE, on__gte=since, from_place=place, item__closed_on=None
    ).order_by()
    own = rows.filter(slip__receiver=person) if person else rows.none()
    ids: dict[int, None] = {}
    for some in (own, rows):
        ids |= dict.fromkeys(
            some.values_list("item")
            .annotate(n=Count("pk"))
            .order_by("-n", "item")
            .values_list("item", flat=True)[:most]
        )
    return list(ids)[:most]


def last_taken(person: Person) -> list[tuple[Item, Decimal]]:
    """What this person took the last time, for 照上次再来."""
    slip = Slip.objects.standing().filter(form=Slip.Form.ISSUE, receiver=person).order_by("-on", "-id").first()
    return [(move.item, move.quantity) for move in slip.moves.select_related("item").order_by("seq")] if slip else []


class Month(NamedTuple):
    """One item's line of the monthly statement: quantities and yuan at the start, in, out, at the end."""

    item: Item
    begins: Decimal
    begins_value: Decimal
    came: Decimal
    came_value: Decimal
    went: Decimal
    went_value: Decimal

    @property
    def ends(self) -> Decimal:
        return self.begins + self.came - self.went

    @property
    def ends_value(self) -> Decimal:
        return self.begins_value + self.came_value - self.went_value


def statement(place: Place | None, since: date, until: date) -> list[Month]:
    """The in-out-balance statement (收发存报表) of a storeroom, or of all of them together, for the days from one to another.

    What only changed storeroom is nothing that came or went for the school as a whole. It is reckoned back from the balances, so
    that a month costs what moved since and not what ever moved.
    """
    into = Q(to_place=place) if place else Q(to_place__isnull=False, from_place=None)
    out = Q(from_place=place) if place else Q(from_place__isnull=False, to_place=None)
    within, after = Q(on__range=(since, until)), Q(on__gt=until)
    sums = {
        one["item"]: one
        for one in Move.objects.filter(into | out, on__gte=since)
        .order_by()
        .values("item")
        .annotate(**{
            f"{name}_{field}": Sum(field, filter=way & days, default=0)
            for name, way, days in (("came", into, within), ("went", out, within), ("in2", into, after), ("out2", out, after))
            for field in ("quantity", "value")
        })
    }  # fmt: skip
    lying = Balance.objects.filter(place=place) if place else Balance.objects.all()
    now = {
        one: (quantity, value)
        for one, quantity, value in lying.order_by().values_list("item").annotate(n=Sum("quantity"), v=Sum("value"))
    }
    items = Item.objects.in_bulk([pk for pk, there in now.items() if pk in sums or any(there)])
    lines = [_month(item, now[pk], sums.get(pk, {})) for pk, item in items.items()]
    kept = [one for one in lines if any((one.begins, one.came, one.went, one.begins_value))]
    return sorted(kept, key=lambda one: (one.item.sort, one.item.pinyin))


def _month(item: Item, now: tuple[Decimal, Decimal], sums: Mapping[str, Any]) -> Month:
    """Back from what lies there now: less what came since, and what went added again."""
    nought = Decimal(0)
    begins = [
        there - sum((sums.get(f"{name}_{field}", nought) for name in ("came", "in2")), nought) + sum((sums.get(f"{name}_{field}", nought) for name in ("went", "out2")), nought)
        for there, field in zip(now, ("quantity", "value"), strict=True)
    ]  # fmt: skip
    moved = [sums.get(f"{name}_{field}", nought) for name in ("came", "went") for field in ("quantity", "value")]
    return Month(item, *begins, *moved)


def in_catalogue(name: str, spec: str, unit: str) -> tuple[Item, Decimal] | None:
    """The item of this name and specification, also a closed one, and how many of its own unit one of `unit` is.

    :raises Refused: it is kept in another unit, and no packing says how many that is.
    """
    bare = {field: Replace(field, Value(" "), Value("")) for field in ("name", "spec")}
    asked = {"bare_name": name[:60].replace(" ", ""), "bare_spec": spec[:60].replace(" ", "")}
    rows = Item.objects.alias(bare_name=bare["name"], bare_spec=bare["spec"]).filter(**asked)
    item = rows.order_by("closed_on", "id").first()  # an open one before one that was closed, on either database
    if item is None:
        return None
    if item.unit == unit:
        return item, Decimal(1)
    size = item.packings.filter(unit=unit).values_list("size", flat=True).first()
    if size is None:
        raise Refused(
            f"目录里的「{item}」按{item.unit}算，这里写的是{unit}：请改成{item.unit}，或者先在物品里写上 {unit}=多少{item.unit}。"
        )
    return item, size


def in_stock(words: str) -> list[tuple[Item, Decimal]]:
    """What lies in the storerooms and is called like this; asked before anything is bought."""
    rows = Item.objects.open().with_stock().filter(held__gt=0)
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(spec__icontains=word))
    return [(item, item.held) for item in rows.order_by("pinyin")[:5]] if words.split() else []


def waiting_for(place: Place | None = None) -> Any:
    """Requisitions to be handed out."""
    rows = Requisition.objects.ready()
    return rows.filter(place=place) if place else rows


def told(ctx: Ctx, code: str) -> Requisition | None:
    """The requisition to be handed out whose pick-up code somebody tells."""
    plain = code.replace(" ", "").upper()
    rows = Requisition.objects.visible_to(ctx).ready().exclude(code="")
    found: Requisition | None = rows.filter(code=plain).order_by("pk").first() if plain else None
    return found


class Charged(NamedTuple):
    """Ids of where goods are booked."""

    department: int | None
    school_class: int | None


def _own(person: int, on: date) -> Any:
    """The department and the class of a person, in one row."""
    own = SchoolClass.objects.open().filter(teacher=person).order_by("grade", "id").values("pk")[:1]
    posts = Appointment.objects.filter(Q(until_on=None) | Q(until_on__gt=on), person=person, from_on__lte=on)
    department = posts.order_by("id").values("department")[:1]
    return Person.objects.filter(pk=person).values_list(Subquery(department), Subquery(own))


_OWN = Prepared(_own, int, date)


def charged_to(person: Person, on: date, *said: Department | SchoolClass | None) -> Charged:
    """Where the goods that a person takes are booked: his department, whose quota counts, and of a class teacher his class; or where it is said."""
    department, school_class = _OWN(person.pk, on)[0]
    named = {type(one): one.pk for one in said if one}
    return Charged(
        named.get(Department, department), named.get(SchoolClass, None if Department in named else school_class)
    )
