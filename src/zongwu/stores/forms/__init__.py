"""What the verbs of the storerooms ask."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from zongwu.kernel import amounts, clock
from zongwu.kernel.accounts import Person
from zongwu.kernel.amounts import plain_quantity
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.transfer.cells import Moment, Raw, day
from zongwu.school.models import Department, Place, SchoolClass, Supplier
from zongwu.stores import queries, rules
from zongwu.stores.models import Item, Move, Packing, Quota, Requisition, Slip
from zongwu.stores.steps import Line
from zongwu.ui.case_forms import SignatureField
from zongwu.ui.choices import Day, RowChoice
from zongwu.ui.grid import GridColumn, GridField, GridRow

ITEM = GridColumn("item", "物品", 3, offers=True)
QUANTITY = GridColumn("quantity", "数量", numeric=True)
LOT = GridColumn("lot", "批次")
NOTE = GridColumn("note", "备注", 2)


class StoreChoice(RowChoice):
    """One of the storerooms."""

    def __init__(self, **keywords: Any) -> None:
        keywords = {"label": "仓库", "initial": queries.main_store_id} | keywords
        super().__init__(Place, order="path", **keywords)

    def rows(self) -> Any:
        return super().rows().storerooms()  # type: ignore[attr-defined]


class ItemLines(GridField):
    """Rows of items with quantities, in whatever unit the item comes: `A4 复印纸｜2箱`."""

    fresh = False
    """Whether an item that the catalogue does not know may be named, with its unit in the quantity (`5把`)."""

    def __init__(self, *more: GridColumn, **keywords: Any) -> None:
        keywords.setdefault("label", "明细")
        super().__init__(ITEM, QUANTITY, *more, **keywords)
        self._known: dict[str, list[Item]] = {}
        self._sizes: dict[int, dict[str, Decimal]] = {}

    def offered(self, ctx: Ctx) -> Iterable[str]:
        named = Item.objects.open().order_by("pinyin").values_list("name", "spec")
        return (f"{name} {spec}".strip() for name, spec in named[:2000])

    def rows(self, text: str) -> list[GridRow]:
        rows = super().rows(text)
        self._known = queries.named(list({row["item"] for row in rows}))
        ids = [item.pk for found in self._known.values() for item in found]
        self._sizes = {}
        for pack in Packing.objects.filter(item__in=ids):
            self._sizes.setdefault(pack.item_id, {})[pack.unit] = pack.size
        return rows

    def understood(self, row: GridRow) -> Line:
        item = self._item(row)
        if item.pk is None:
            number = re.match(r"-?\d{1,8}(?:\.\d{1,3})?", row["quantity"])
            quantity = Decimal(number[0]) if number else Decimal(0)
        else:
            quantity = rules.in_pieces(row["quantity"], item.unit, self._sizes.get(item.pk, {}))
        if quantity <= 0:
            raise ValueError("数量要大于 0。")
        return Line(item, quantity, note=row["note"][:60], lot=row["lot"][:30])

    def _item(self, row: GridRow) -> Item:
        words = row["item"]
        if not words:
            raise ValueError("没有写物品。")
        found = self._known.get(words, [])
        if len(found) == 1 and found[0].pk is not None:
            return found[0]
        if len(found) > 1:
            raise ValueError(f"「{words}」有几种规格：{'、'.join(map(str, found[:5]))}，请写清楚。")
        if not self.fresh:
            raise ValueError(f"目录里没有「{words}」，请照目录上的品名写，或者先添物品。")
        unit = re.fullmatch(r"-?\d{1,8}(?:\.\d{1,3})?\s*([^\d\s]{1,10})", row["quantity"].strip())
        if unit is None:
            raise ValueError(f"「{words}」是新物品，数量要带单位，如 5把。")
        if not found:
            name, _, spec = words.partition(" ")
            self._known[words] = [Item(name=name[:60], spec=spec.strip()[:60], unit=unit[1])]
        made = self._known[words][0]
        if made.unit != unit[1]:
            raise ValueError(f"「{words}」前面写的是{made.unit}，这里写的是{unit[1]}，请改成一种。")
        return made


class Arrivals(ItemLines):
    """What came in: with unit price, and batch and expiry where the goods have them. New items are allowed."""

    fresh = True

    def __init__(self, **keywords: Any) -> None:
        more = (
            GridColumn("price", "单价（元）", numeric=True),
            GridColumn("lot", "批次"),
            GridColumn("expires", "有效期至"),
            NOTE,
        )
        super().__init__(*more, **keywords)

    def understood(self, row: GridRow) -> Line:
        line = super().understood(row)
        return line._replace(price=_price(row["price"]), lot=row["lot"][:30], expires_on=_day(row["expires"]))


def _price(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        price = amounts.round_price(amounts.parse(text[:20]))
    except (amounts.NotAnAmount, InvalidOperation) as no:
        raise ValueError(f"单价「{text}」不是数，请写数字。") from no
    if not 0 <= price < rules.MOST:
        raise ValueError(f"单价「{text}」不对，请核对。")
    return price


def _day(text: str) -> date | None:
    if not text:
        return None
    found = day(Raw(text), Moment(clock.today().replace(year=9999, day=1)))
    if found.more.get("date_precision") != "day":
        raise ValueError(f"有效期「{text}」要写到哪一天，如 2027-06-30。")
    return date.fromisoformat(str(found.value))


class ItemForm(forms.Form):
    name = forms.CharField(label="品名", max_length=60, help_text="大家怎么叫就怎么写，如 A4 复印纸")
    spec = forms.CharField(label="规格", max_length=60, required=False, help_text="如 70g、500ml、4分")
    unit = forms.CharField(label="单位", max_length=10, help_text="最小的发放单位，如 包、支；以后不能改")
    sort = forms.ChoiceField(label="类别", choices=Item.Sort.choices, initial=Item.Sort.OFFICE)
    packings = forms.CharField(
        label="包装", max_length=200, required=False, help_text="整箱进的写 箱=20，就是一箱 20 包；几种用顿号隔开"
    )
    shelf = forms.CharField(label="库位", max_length=20, required=False, help_text="如 2 架 3 层")
    alarm = forms.DecimalField(
        label="警戒线",
        min_value=Decimal(0),
        decimal_places=3,
        max_digits=12,
        initial=0,
        help_text="剩到这个数就提醒补货，0 是不提醒",
    )
    target = forms.DecimalField(
        label="补到", min_value=Decimal(0), decimal_places=3, max_digits=12, initial=0, help_text="提醒里说该买多少"
    )


class ChangeItemForm(ItemForm):
    unit = None  # type: ignore[assignment]

    def meet(self, ctx: Ctx, item: Item) -> None:
        sizes = item.packings.order_by("unit").values_list("unit", "size")
        self.initial["packings"] = "、".join(f"{unit}={plain_quantity(size)}" for unit, size in sizes)


class QuotaForm(forms.Form):
    department = RowChoice(Department, label="部门")
    item = RowChoice(Item, label="物品")
    period = forms.ChoiceField(label="期间", choices=Quota.Period.choices, initial=Quota.Period.MONTH)
    quantity = forms.DecimalField(label="最多领", min_value=Decimal(0), decimal_places=3, max_digits=12)


class ReceiveForm(forms.Form):
    place = StoreChoice()
    supplier = RowChoice(Supplier, label="供货单位", required=False)
    paper_number = forms.CharField(
        label="随货单号", max_length=40, required=False, help_text="送货单或发票号；同一张不会入两次"
    )
    lines = Arrivals(
        help_text="数量可以带包装，如 2箱；目录里没有的照写，单位写在数量后面，如 5把。可以从 Excel 整块粘贴"
    )
    on = Day(label="入库日期")
    purpose = forms.CharField(label="说明", max_length=100, required=False)


class _Out(forms.Form):
    place = StoreChoice()
    lines = ItemLines(help_text="数量可以带包装，如 1箱")


class IssueForm(_Out):
    receiver = RowChoice(Person, label="领用人")
    department = RowChoice(Department, label="记在部门", required=False, help_text="空着就记在他的部门或班级")
    school_class = RowChoice(SchoolClass, order="grade", label="记在班级", required=False)
    purpose = forms.CharField(label="用途", max_length=100, required=False)
    on = Day(label="日期", required=False)
    signature = SignatureField("领用人签名", remembers=False)


class LendForm(_Out):
    receiver = RowChoice(Person, label="借用人")
    due_on = Day(label="归还期限")
    purpose = forms.CharField(label="用途", max_length=100, required=False)
    on = Day(label="日期", required=False)
    signature = SignatureField("借用人签名", remembers=False)


class _OutOfBatch(_Out):
    lines = ItemLines(LOT, help_text="数量可以带包装，如 1箱；要指定哪一批就写批次，空着先出快过期的")


class TransferForm(_OutOfBatch):
    to_place = StoreChoice(label="调到", initial=None)
    on = Day(label="日期")
    purpose = forms.CharField(label="原因", max_length=100, required=False)


class SendBackForm(_OutOfBatch):
    supplier = RowChoice(Supplier, label="退给")
    on = Day(label="日期")
    purpose = forms.CharField(label="原因", max_length=100, help_text="如 数量不符、破损、型号不对")


class WriteOffForm(_OutOfBatch):
    on = Day(label="日期")
    purpose = forms.CharField(label="原因", max_length=100, help_text="如 过期、受潮、破损")


def still_out(slip: Slip) -> Sequence[tuple[str, str]]:
    """Of an issue or a loan: item and quantity that have not come back."""
    left: dict[str, Decimal] = {}
    for move in Move.objects.filter(slip=slip).with_returned().select_related("item").order_by("seq"):
        left[str(move.item)] = left.get(str(move.item), Decimal(0)) + move.left
    return [(name, plain_quantity(many)) for name, many in left.items() if many > 0]


class ReturnForm(forms.Form):
    lines = ItemLines(NOTE, label="退回的", help_text="已经填好还在外面的；没退回来的删掉那一行，坏了的在备注里写明")
    returned_on = Day(label="日期", required=False)
    note = forms.CharField(label="说明", max_length=100, required=False)

    def meet(self, ctx: Ctx, slip: Slip) -> None:
        self.initial["lines"] = still_out(slip)


class ExtendForm(forms.Form):
    due_on = Day(label="归还期限")
    reason = forms.CharField(label="原因", max_length=100, required=False)


class ReverseForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=100, help_text="哪里开错了；会记在两张单子上")


class AskForm(_Out):
    lines = ItemLines(label="领什么", help_text="先选物品，再写数量；定额以内直接去库房领，超过的先审批")
    purpose = forms.CharField(label="用途", max_length=100, required=False)
    department = RowChoice(Department, label="记在部门", required=False, help_text="空着就记在您的部门或班级")
    school_class = RowChoice(SchoolClass, order="grade", label="记在班级", required=False)


class ReviseForm(forms.Form):
    lines = ItemLines(label="领什么")
    purpose = forms.CharField(label="用途", max_length=100, required=False)

    def meet(self, ctx: Ctx, asked: Requisition) -> None:
        lines = asked.lines.select_related("item").order_by("seq")
        self.initial["lines"] = [(str(line.item), plain_quantity(line.quantity)) for line in lines]


class HandOutForm(forms.Form):
    told = forms.CharField(
        label="取货码", max_length=12, required=False, help_text="领用人的申请上有六位取货码；有码就不用签名"
    )
    signature = SignatureField("领用人签名", remembers=False)

    def meet(self, ctx: Ctx, asked: Requisition) -> None:
        lines = asked.lines.select_related("item").order_by("item__shelf", "seq")
        self.about = [goods(line.item, line.quantity) for line in lines]


def goods(item: Item, quantity: Decimal) -> tuple[str, str, str]:
    """What is to be handed over, as a form shows it above the signature: what, how many, on which shelf."""
    return str(item), f"{plain_quantity(quantity)} {item.unit}", item.shelf


class CounterSigns(forms.Form):
    """What the counter asks beside the goods."""

    signature = SignatureField("领用人签名", remembers=False)
    due_on = Day(label="归还期限", required=False)


def quantity(text: str, item: Item) -> Decimal:
    """:raises ValueError: no quantity of this item, in a sentence."""
    sizes = dict(item.packings.values_list("unit", "size"))
    found = rules.in_pieces(text, item.unit, sizes)
    if found <= 0:
        raise ValueError("数量要大于 0。")
    return found
