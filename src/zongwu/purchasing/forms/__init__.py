"""What the verbs of purchasing ask."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from zongwu.kernel import amounts, clock, refs
from zongwu.kernel.accounts import Person
from zongwu.kernel.amounts import plain_price, plain_quantity
from zongwu.kernel.ctx import Ctx
from zongwu.purchasing import queries
from zongwu.purchasing.actions.arriving import Arrived
from zongwu.purchasing.actions.asking import ORIGINS, Wanted
from zongwu.purchasing.models import Budget, Order, Purchase, PurchaseLine, Sort
from zongwu.school.models import Department, Place, Supplier
from zongwu.stores.models import Item
from zongwu.stores.queries import main_store_id
from zongwu.ui.case_forms import PaperField, SignatureField
from zongwu.ui.choices import Day, RowChoice, RowsChoice, numbers
from zongwu.ui.grid import GivenRows, GridColumn, GridField, GridRow

Becomes = PurchaseLine.Becomes
_BECOMES = {"入库": Becomes.STOCK, "库": Becomes.STOCK, "建卡": Becomes.CARDS, "资产": Becomes.CARDS, "固定资产": Becomes.CARDS, "建资产卡片": Becomes.CARDS,
            "不入账": Becomes.NOTHING, "服务": Becomes.NOTHING, "": ""}  # fmt: skip


def _number(text: str, what: str) -> Decimal:
    """:raises ValueError: no number, in a sentence."""
    try:
        found = amounts.parse(text[:20])
    except (amounts.NotAnAmount, InvalidOperation) as no:
        raise ValueError(f"{what}「{text}」不是数，请写数字。") from no
    if not 0 <= found < 10**8 or found != found.quantize(Decimal("0.0001")):
        raise ValueError(f"{what}「{text[:20]}」太大，或者小数太细，请核对。")
    return found


class WantedLines(GridField):
    """What is to be bought: typed, pasted from a spreadsheet, or taken from what is low in store."""

    def __init__(self, **keywords: Any) -> None:
        columns = (
            GridColumn("name", "品名", 3, offers=True), GridColumn("spec", "规格要求", 2), GridColumn("quantity", "数量", numeric=True), GridColumn("unit", "单位"),
            GridColumn("price", "预计单价", numeric=True), GridColumn("becomes", "到货以后"),
        )  # fmt: skip
        super().__init__(*columns, label="买什么", **keywords)

    def offered(self, ctx: Ctx) -> Iterable[str]:
        return list(dict.fromkeys(Item.objects.open().order_by("pinyin").values_list("name", flat=True)[:2000]))

    def understood(self, row: GridRow) -> Wanted:
        if not row["name"]:
            raise ValueError("没有写品名。")
        fits = re.fullmatch(r"(\d{1,8}(?:\.\d{1,3})?)\s*([^\d\s]{0,10})", row["quantity"].replace(",", ""))
        if fits is None or not Decimal(fits[1]):
            raise ValueError(f"数量「{row['quantity']}」看不懂，请写大于 0 的数字。")
        unit = row["unit"] or fits[2]
        if not unit:
            raise ValueError("没有写单位。")
        if row["unit"] and fits[2] and fits[2] != row["unit"]:
            raise ValueError(f"数量里的单位「{fits[2]}」和单位「{row['unit']}」不一致。")
        if not row["price"]:
            raise ValueError("没有写预计单价，不知道的写个大概。")
        said = row["becomes"].replace(" ", "")
        if said not in _BECOMES:
            raise ValueError(f"到货以后「{row['becomes']}」要写 入库、建卡 或 不入账。")
        becomes = _BECOMES[said] or Becomes.STOCK
        return Wanted(
            row["name"][:60], Decimal(fits[1]), unit, _number(row["price"], "单价"), row["spec"][:120], becomes
        )


class Demands(GridField):
    """What is asked of every quote: 质保 | ≥1 年."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(
            GridColumn("name", "要求", 2),
            GridColumn("wanted", "要达到", 3),
            required=False,
            label="规格和服务要求",
            **keywords,
        )

    def understood(self, row: GridRow) -> tuple[str, str]:
        return row["name"], row["wanted"]


class ThisYears(RowChoice):
    """A budget of the present year."""

    def rows(self) -> Any:
        return super().rows().filter(year=clock.today().year)


class Quoted(RowChoice):
    """One of those that gave a quote."""

    only: Sequence[int] = ()

    def rows(self) -> Any:
        return super().rows().filter(pk__in=self.only)


class PurchaseForm(forms.Form):
    reason = forms.CharField(
        label="事由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text="为什么要买，给谁用"
    )
    sort = forms.ChoiceField(label="类别", choices=Sort.choices, help_text="同一类的一年加起来看，免得拆单")
    lines = WantedLines(help_text="到货以后写 入库、建卡 或 不入账；可以从 Excel 整块粘贴")
    demands = Demands(help_text="三家要比的：质保、到货、检测报告…；没有就空着")
    department = RowChoice(Department, label="申请部门", required=False)
    budget = ThisYears(Budget, order="name", label="预算项目", required=False, help_text="今年的预算")
    needed_on = Day(label="什么时候要", required=False)
    catalogue = forms.BooleanField(label="在政府集中采购目录里", required=False)
    framework = forms.BooleanField(label="有框架协议，必须用", required=False)

    def meet(self, ctx: Ctx, purchase: Purchase | None) -> None:
        if purchase is not None:
            lines = purchase.lines.order_by("seq")
            self.initial["lines"] = [
                (
                    one.name,
                    one.spec,
                    plain_quantity(one.quantity),
                    one.unit,
                    plain_price(one.price),
                    one.get_becomes_display(),
                )
                for one in lines
            ]
            self.initial["demands"] = [(one.name, one.wanted) for one in purchase.demands.order_by("seq")]
            self.initial.update(department=purchase.department_id, budget=purchase.budget_id)
        elif wanted := numbers(self.initial.get("item") or self.initial.get("ids")):
            items = Item.objects.visible_to(ctx).filter(pk__in=wanted[:200]).order_by("pinyin")
            self.initial["lines"] = [
                (
                    item.name,
                    item.spec,
                    plain_quantity(item.lacking or Decimal(1)),
                    item.unit,
                    plain_price(item.price),
                    "入库",
                )
                for item in items
            ]
            self.initial.setdefault("reason", "库存到了警戒线，补货")


class NewPurchaseForm(PurchaseForm):
    """Begun from a repair or a hazard, it says so and keeps from which."""

    origin = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def meet(self, ctx: Ctx, purchase: Purchase | None) -> None:
        super().meet(ctx, purchase)
        for kind in ORIGINS:
            if str(begun := self.initial.get(kind, "")).isdecimal():
                row = refs.resolve(ctx, f"{kind}:{begun}")
                what = f"{row._meta.verbose_name} {row}"[:200]
                self.initial.update(reason=what, sort=Sort.REPAIR, origin=refs.ref(row))


class SubmitForm(forms.Form):
    signature = SignatureField("申请人签名")


class DropForm(forms.Form):
    because = forms.CharField(label="原因", max_length=100, required=False)


class QuotedPrices(GivenRows):
    """The lines of a request with a price each."""

    nothing = "申请里没有「{name}」。"

    def __init__(self, **keywords: Any) -> None:
        columns = (
            GridColumn("name", "品名", 3, fixed=True), GridColumn("quantity", "数量", fixed=True), GridColumn("price", "单价（元）", numeric=True),
        )  # fmt: skip
        super().__init__(*columns, label="单价", help_text="每一行写这家的单价，含税、不含送货", **keywords)

    def understood(self, row: GridRow) -> tuple[int, Decimal]:
        line = self.line(row)
        if not row["price"]:
            raise ValueError(f"{line} 没有写单价。")
        return line.pk, amounts.round_price(_number(row["price"], "单价"))


_YES = {
    "合": True,
    "符合": True,
    "合格": True,
    "是": True,
    "√": True,
    "行": True,
    "不合": False,
    "不符合": False,
    "不合格": False,
    "否": False,
    "×": False,
    "不行": False,
}


class Answers(GivenRows):
    """How a supplier meets each demand."""

    nothing = "申请里没有「{name}」这项要求。"

    def __init__(self, **keywords: Any) -> None:
        columns = (
            GridColumn("name", "要求", 2, fixed=True), GridColumn("wanted", "要达到", 2, fixed=True), GridColumn("answer", "这家怎么样", 2), GridColumn("fits", "合不合"),
        )  # fmt: skip
        super().__init__(
            *columns,
            required=False,
            label="规格和服务",
            help_text="每项写这家怎么样；不合要求的在后面写 不合",
            **keywords,
        )

    def understood(self, row: GridRow) -> tuple[int, tuple[str, bool]]:
        demand = self.line(row)
        said = row["fits"].replace(" ", "") or "合"
        if said not in _YES:
            raise ValueError(f"「{row['fits']}」要写 合 或 不合。")
        if not row["answer"]:
            raise ValueError(f"「{row['name']}」没有写这家怎么样。")
        return demand, (row["answer"], _YES[said])


class QuoteForm(forms.Form):
    supplier = RowChoice(Supplier, label="供应商")
    quoted_on = Day(label="报价日期")
    prices = QuotedPrices()
    delivery = forms.DecimalField(
        label="送货费（元）", min_value=Decimal(0), decimal_places=2, max_digits=12, initial=0
    )
    answers = Answers()
    delivers_on = Day(label="哪天能到", required=False)
    note = forms.CharField(label="说明", max_length=100, required=False)

    def meet(self, ctx: Ctx, purchase: Purchase) -> None:
        lines, demands = list(purchase.lines.order_by("seq")), list(purchase.demands.order_by("seq"))
        prices, answers = self.fields["prices"], self.fields["answers"]
        assert isinstance(prices, QuotedPrices)
        assert isinstance(answers, Answers)
        prices.lines = {f"{line.seq} {line}": line for line in lines}
        answers.lines = {demand.name: demand.pk for demand in demands}
        self.initial["prices"] = [
            (f"{line.seq} {line}", f"{plain_quantity(line.quantity)} {line.unit}", "") for line in lines
        ]
        self.initial["answers"] = [(demand.name, demand.wanted, "", "") for demand in demands]
        self.initial.setdefault("quoted_on", ctx.today)
        if not demands:
            del self.fields["answers"]


class ChooseForm(forms.Form):
    supplier = Quoted(Supplier, label="选哪家")
    why = forms.CharField(
        label="不选最低价的理由",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="选的是最低价就不用写",
    )

    def meet(self, ctx: Ctx, purchase: Purchase) -> None:
        field = self.fields["supplier"]
        assert isinstance(field, Quoted)
        field.only = list(purchase.quotes.values_list("supplier", flat=True))
        if str(self.initial.get("supplier", "")).isdecimal():
            self.initial["why"] = purchase.why or queries.why_not_lowest(purchase, int(self.initial["supplier"]))


class OrderForm(forms.Form):
    supplier = RowChoice(Supplier, label="供应商", required=False, help_text="定过供应商的不用选")
    ordered_on = Day(label="下单日期", help_text="谁下单谁就是采购人，到货以后要由别人验收")
    due_on = Day(label="约定到货", required=False)
    contract_number = forms.CharField(label="合同号", max_length=40, required=False)
    tender_number = forms.CharField(
        label="招标或项目编号", max_length=40, required=False, help_text="集中采购、框架协议、公开招标要填"
    )

    def meet(self, ctx: Ctx, purchase: Purchase) -> None:
        self.initial.setdefault("ordered_on", ctx.today)


class PapersForm(forms.Form):
    contract_number = forms.CharField(label="合同号", max_length=40, required=False)
    invoice_number = forms.CharField(label="发票号", max_length=40, required=False)


class CloseForm(forms.Form):
    reason = forms.CharField(label="为什么不等了", max_length=100)


class ScoreForm(forms.Form):
    on_time = forms.IntegerField(label="到货及时", min_value=1, max_value=5, initial=5, help_text="1 到 5 分")
    quality = forms.IntegerField(label="质量", min_value=1, max_value=5, initial=5)
    service = forms.IntegerField(label="服务", min_value=1, max_value=5, initial=5)
    note = forms.CharField(label="说明", max_length=100, required=False)


class ArrivedLines(GivenRows):
    """The lines of an order: how much came, how much is good."""

    nothing = "订单里没有「{name}」。"

    def __init__(self, **keywords: Any) -> None:
        columns = (
            GridColumn("name", "品名", 3, fixed=True), GridColumn("left", "还差", fixed=True), GridColumn("arrived", "到货", numeric=True),
            GridColumn("accepted", "合格", numeric=True), GridColumn("note", "不合格的", 2),
        )  # fmt: skip
        super().__init__(*columns, label="到了什么", help_text="没到的写 0；合格的少于到货时写明为什么", **keywords)

    def understood(self, row: GridRow) -> tuple[int, Arrived] | None:
        line = self.line(row)
        arrived = _number(row["arrived"] or "0", "到货")
        accepted = _number(row["accepted"], "合格") if row["accepted"] else arrived
        if any(one != one.quantize(Decimal("0.001")) for one in (arrived, accepted)):
            raise ValueError("到货和合格最多写到三位小数。")
        if accepted < arrived and not row["note"]:
            raise ValueError(f"{line} 到 {row['arrived']}、合格 {row['accepted']}，请写明不合格的怎么了。")
        return (line.pk, Arrived(arrived, accepted, row["note"])) if arrived else None


class AcceptForm(forms.Form):
    order = RowChoice(
        Order,
        order="-ordered_on",
        label="哪张订单",
        help_text="选了订单，下面就有明细",
        widget=forms.Select(attrs={"data-reload": "order"}),
    )
    lines = ArrivedLines()
    members = RowsChoice(Person, label="验收人", help_text="采购人不能在里面；至少几个人看学校的规则")
    place = RowChoice(
        Place,
        order="path",
        label="入哪个库房或放到哪里",
        required=False,
        initial=main_store_id,
        help_text="空着入总库房；建卡的写放在哪里",
    )
    accepted_on = Day(label="验收日期")
    looks = forms.CharField(label="外观", max_length=60, initial="完好")
    works = forms.CharField(label="质量和功能", max_length=100, initial="合格")
    problems = forms.CharField(label="问题和处理", max_length=200, required=False)
    invoice_number = forms.CharField(label="发票号", max_length=40, required=False)
    photo = PaperField(label="到货照片", required=False)
    signature = SignatureField("签名（您也在验收人里就签）")

    def meet(self, ctx: Ctx, row: Any) -> None:
        pk = numbers(self.data.get("order") or self.initial.get("order"))
        order = Order.objects.visible_to(ctx).filter(pk__in=pk[:1]).first()
        field = self.fields["lines"]
        assert isinstance(field, ArrivedLines)
        lines = list(order.lines.select_related("line").order_by("seq")) if order else []
        field.lines = {f"{one.seq} {one}": one for one in lines}
        self.initial["lines"] = [
            (f"{one.seq} {one}", f"{plain_quantity(one.open)} {one.line.unit}", plain_quantity(one.open), plain_quantity(one.open), "") for one in lines if one.open
        ]  # fmt: skip
        self.initial.setdefault("accepted_on", ctx.today)
        if order is not None:
            members = self.fields["members"]
            assert isinstance(members, RowsChoice)
            members.only = list(
                Person.objects.filter(left_on=None).exclude(pk=order.buyer_id).values_list("pk", flat=True)
            )
            members.help_text = f"至少 {queries.members_needed(order, ctx.today)} 个人；采购人 {order.buyer} 不能验收"


class BudgetForm(forms.Form):
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    name = forms.CharField(label="预算项目", max_length=40)
    funding = forms.CharField(label="资金来源", max_length=40, required=False, help_text="如 公用经费、专项")
    amount = forms.DecimalField(label="预算数（元）", min_value=Decimal(0), decimal_places=2, max_digits=13)


class ChangeBudgetForm(forms.Form):
    amount = forms.DecimalField(label="预算数（元）", min_value=Decimal(0), decimal_places=2, max_digits=13)
    reason = forms.CharField(label="依据", max_length=100)


class LicenceForm(forms.Form):
    supplier = RowChoice(Supplier, label="供应商")
    name = forms.CharField(label="证照", max_length=40, help_text="如 营业执照、食品经营许可证")
    number = forms.CharField(label="证号", max_length=40, required=False)
    expires_on = Day(label="有效期至", required=False, help_text="长期有效的空着")
