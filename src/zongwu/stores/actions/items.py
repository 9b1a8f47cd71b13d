"""The catalogue of the storerooms: items, their packings, and what a department may take."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zongwu.kernel import pinyin
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school.models import Department
from zongwu.stores import rules, steps
from zongwu.stores.models import Balance, Item, Move, Packing, Quota

KEEP = "stores.keep_items"
QUOTA = "stores.set_quota"


@create_action(Item, label="添物品", permission=KEEP, icon="plus", primary=True)
def add_item(
    ctx: Ctx, *, name: str, unit: str, spec: str = "", sort: str = Item.Sort.OTHER, shelf: str = "", alarm: Decimal = Decimal(0),
    target: Decimal = Decimal(0), packings: str = "",
) -> Item:  # fmt: skip
    """An item of the catalogue. Its unit stays: what was counted in it could not be read otherwise.

    :raises Refused: name and specification are taken, or the packings cannot be read.
    """
    item = Item(
        name=name.strip(), unit=unit.strip(), spec=spec.strip(), sort=sort, shelf=shelf, alarm=alarm, target=target
    )
    _sound(item)
    sizes = _sizes(item, packings)
    steps.ensure_items(ctx, [item])
    _pack(item, sizes)
    ctx.journal(item, "item.added", sort=sort)
    return item


@action(Item, label="改资料", permission=KEEP, icon="edit")
def change_item(ctx: Ctx, item: Item, *, packings: str | None = None, **fields: Any) -> Item:
    """Other words, another shelf, other levels. Number and unit stay."""
    changes = {}
    for name, new in fields.items():
        if name not in ("name", "spec", "sort", "shelf", "alarm", "target"):
            raise Refused(f"物品没有「{name}」可以改。")
        old = getattr(item, name)
        if new is not None and new != old:
            changes[name] = [old, new]
            setattr(item, name, new)
    sizes = None if packings is None else _sizes(item, packings)
    had = {one.unit: one.size for one in item.packings.all()}
    if not changes and (sizes is None or sizes == had):
        raise Refused("没有改动：填的和现在一样。")
    _sound(item)
    item.pinyin = pinyin.sort_key(str(item))
    item.save()
    if sizes is not None:
        item.packings.all().delete()
        _pack(item, sizes)
    ctx.journal(
        item,
        "item.changed",
        fields=sorted(changes),
        detail={name: f"{old} → {new}" for name, (old, new) in changes.items()},
    )
    return item


@action(Item, label="停用", permission=KEEP, icon="ban", available=lambda item: item.closed_on is None, refusal="{row} 已经停用了。",
        confirm="停用以后不再领、不再收；以前的记录都在。")  # fmt: skip
def close_item(ctx: Ctx, item: Item) -> Item:
    """Not kept any more.

    :raises Refused: some of it still lies in a storeroom.
    """
    if Balance.objects.lying().filter(item=item).exists():
        raise Refused(f"{item} 库里还有，先领完、退掉或报损再停用。")
    if Move.objects.out().filter(item=item).exists():
        raise Refused(f"{item} 还有借出去没还的，还了再停用。")
    item.closed_on = ctx.today
    item.save(update_fields=["closed_on"])
    ctx.journal(item, "item.closed")
    return item


@action(
    Item,
    label="恢复",
    permission=KEEP,
    icon="refresh",
    available=lambda item: item.closed_on is not None,
    refusal="{row} 没有停用。",
)
def reopen_item(ctx: Ctx, item: Item) -> Item:
    """Kept again."""
    item.closed_on = None
    item.save(update_fields=["closed_on"])
    ctx.journal(item, "item.reopened")
    return item


@create_action(Quota, label="定额度", permission=QUOTA, icon="plus", primary=True, starts_from=("item",))
def set_quota(
    ctx: Ctx, *, department: Department, item: Item, quantity: Decimal, period: str = Quota.Period.MONTH
) -> Quota:
    """How much a department may take of an item without approval; a later one replaces an earlier."""
    if period not in Quota.Period.values:
        raise Refused(fields={"period": "请选每月或每学期。"})
    quota, _ = Quota.objects.update_or_create(
        school=ctx.school,
        department=department,
        item=item,
        defaults={"quantity": quantity, "period": period, "set_on": ctx.today},
    )
    ctx.journal(quota, "quota.set", quantity=int(quantity * 1000), also=[(item, "quota"), (department, "quota")])
    return quota  # type: ignore[no-any-return]


@action(Quota, label="取消定额", permission=QUOTA, icon="ban", confirm="取消以后，这个部门领这件物品不限数量。")
def drop_quota(ctx: Ctx, quota: Quota) -> Item:
    """No limit any more."""
    item: Item = quota.item
    ctx.journal(item, "quota.dropped", also=[(quota.department, "quota")])
    quota.delete()
    return item


def _sound(item: Item) -> None:
    wrong = {}
    if not item.name:
        wrong["name"] = "请写品名。"
    if item.pk is None and not item.unit:
        wrong["unit"] = "请写单位，如 包、支、把。"
    if Item.objects.filter(name=item.name, spec=item.spec).exclude(pk=item.pk).exists():
        wrong["name"] = f"已经有「{item}」了，规格不同就在规格里写清楚。"
    if item.target and item.target < item.alarm:
        wrong["target"] = "补到的数不能比警戒线小。"
    if wrong:
        raise Refused(fields=wrong)


def _sizes(item: Item, text: str) -> Mapping[str, Decimal]:
    try:
        return rules.packings(text, item.unit)
    except ValueError as no:
        raise Refused(fields={"packings": str(no)}) from no


def _pack(item: Item, sizes: Mapping[str, Decimal]) -> None:
    Packing.objects.bulk_create(
        Packing(school_id=item.school_id, item=item, unit=unit, size=size) for unit, size in sizes.items()
    )
