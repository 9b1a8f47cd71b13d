"""Reads of the register that pages and other domains use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Sum

from zongwu.assets import rules
from zongwu.assets.models import EXACT_ENOUGH, Agreement, Asset, Condition, Damage, Placement, Rollout, State, ValueType
from zongwu.kernel.accounts import Person
from zongwu.kernel.amounts import plain_quantity
from zongwu.kernel.search import Findable
from zongwu.school.models import Department, Place, Supplier, spoken
from zongwu.ui import charts
from zongwu.ui.public import Stand


def in_place(place: Place) -> str:
    """What stands in a place and keeps it from being closed."""
    inside = Place.objects.under(place).values("pk")
    return _said(
        (Asset.objects.on_books().filter(place__in=inside), "里面还有 {} 张资产卡片"),
        (Agreement.objects.standing().filter(place__in=inside), "有 {} 份责任书没有验收"),
        (Placement.objects.open().filter(place__in=inside), "有 {} 件配发的设备要装"),
    )


def _said(*found: tuple[QuerySet[Any], str]) -> str:
    """What keeps somebody or something from ending, in words."""
    counts = [(rows.count(), words) for rows, words in found]
    return "，".join(words.format(count) for count, words in counts if count)


def of_department(department: Department) -> str:
    count = Asset.objects.on_books().filter(department=department).count()
    return f"还有 {count} 张资产卡片登记在这个部门" if count else ""


def of_person(person: Person) -> str:
    """What is in somebody's charge when he leaves."""
    mine = Q(custodian=person) | Q(user=person) | Q(responsible=person)
    return _said(
        (Asset.objects.on_books().filter(mine), "名下还有 {} 张资产卡片"),
        (Agreement.objects.standing().filter(keeper=person), "有 {} 份责任书没有验收"),
        (Rollout.objects.filter(leader=person, state=Rollout.State.RUNNING), "有 {} 次配发没有装完"),
        (Damage.objects.unpaid().filter(payer=person), "有 {} 张赔偿单没有赔清"),
    )


def of_supplier(supplier: Supplier) -> str:
    count = Asset.objects.on_books().filter(supplier=supplier).count()
    return f"还有 {count} 张资产卡片是从这家来的" if count else ""


def findable(ids: Sequence[int] | None) -> Iterable[Findable]:
    """What the search knows of cards. Read as values: a run may bring a hundred thousand."""
    cards = Asset.objects.live() if ids is None else Asset.objects.live().filter(pk__in=ids)
    columns = ("pk", "name", "number", "finance_number", "serial", "spec", "place_path")
    for pk, name, number, finance, serial, spec, path in cards.values_list(*columns).iterator(chunk_size=5000):
        where = " ".join(spoken(path)) if path else ""
        yield Findable(
            pk, name, f"{number} · {where}" if where else number, name, (number, finance, serial, spec, where)
        )


def idle(words: str) -> Any:
    """What stands idle and is called like this; asked before anything is bought."""
    rows = Asset.objects.on_books().filter(state=State.IDLE).exclude(condition=Condition.BROKEN)
    rows = rows.exclude(pk__in=Placement.objects.open().values("asset"))  # on its way into a room
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(spec__icontains=word))
    return rows.select_related("place", "custodian").order_by("name", "number") if words.split() else rows.none()


def idle_in_words(words: str) -> str:
    """The same in a sentence: 投影仪 2 台（总务仓库 信息中心库房，孙丽华保管）; nothing where nothing stands idle."""
    each = (
        idle(words)
        .values_list("name", "unit", "place__path", "custodian__name")
        .annotate(many=Sum("quantity"))
        .order_by("name", "place__path")
    )
    said = [
        f"{name} {plain_quantity(many)} {unit}（{' '.join(spoken(path)) if path else '没有登记地点'}{f'，{keeper} 保管' if keeper else ''}）"
        for name, unit, path, keeper, many in each
    ]
    return "；".join(said[:5]) + (f"；还有 {len(said) - 5} 处" if len(said) > 5 else "")


class Depreciation(NamedTuple):
    """A card's depreciation for its page: months and yuan."""

    life: int
    taken: int
    monthly: Decimal
    accumulated: Decimal
    net: Decimal
    ends_on: date
    curve: list[tuple[date, Decimal]]
    """Net value at the beginning of each month of the life, and at its end."""


def depreciation_of(card: Asset) -> Depreciation | None:
    """What the value sheet shows; None for a card that is not depreciated."""
    if not card.monthly or not card.life_months or not card.posted_on:
        return None
    left, curve = card.value, []
    for month, amount in rules.schedule(card.value, card.life_months, card.posted_on):
        curve.append((month, left))
        left -= amount
    ends = rules.next_month(curve[-1][0])
    return Depreciation(
        card.life_months,
        card.months_taken,
        card.monthly,
        card.accumulated,
        card.net,
        curve[-1][0],
        [*curve, (ends, Decimal(0))],
    )


def curve_of(card: Asset, depreciation: Depreciation) -> str:
    """The value over the life as a drawing: a line to today, dashed to the end."""
    points = [charts.Point(f"{month:%Y-%m}", value) for month, value in depreciation.curve]
    return charts.line(points, solid=depreciation.taken, mark=f"现在 {card.net:,.2f}", title=f"{card.name}的净值")


def stand(pk: int) -> Stand | None:
    """Where somebody stands who reads the label of a thing."""
    card = Asset.objects.live().filter(pk=pk).select_related("place").first()
    return Stand(card.place, thing=card) if card else None


def why_not(card: Asset) -> str:
    """Why a card is not depreciated, in words."""
    if card.category.startswith(rules.NEVER):
        return "图书、文物、动植物和土地按规定不提。"
    if card.value_type == ValueType.NOMINAL:
        return "按名义金额计量的按规定不提。"
    if not card.category_confirmed:
        return "分类还没有确认，定了分类才有折旧年限。"
    if card.precision not in EXACT_ENOUGH:
        return "取得日期还没有确认。"
    return "这一类没有规定折旧年限，可以在资料里填。"
