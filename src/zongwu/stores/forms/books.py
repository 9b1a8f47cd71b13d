"""What the verbs of textbooks, packs and counts ask."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

from zongwu.kernel.amounts import plain_quantity
from zongwu.kernel.ctx import Ctx
from zongwu.school.models import SchoolClass, Supplier, Term
from zongwu.stores import books, rules
from zongwu.stores.actions.books import Bundles
from zongwu.stores.forms import LOT, ItemLines, StoreChoice, goods
from zongwu.stores.models import BookLine, BookPlan, Pack, Slip, StockCount
from zongwu.ui.case_forms import SignatureField
from zongwu.ui.choices import Day, RowChoice
from zongwu.ui.grid import GivenRows, GridColumn, GridRow


class TextbookForm(forms.Form):
    name = forms.CharField(label="书名", max_length=60, help_text="如 语文三年级上册")
    grade = forms.IntegerField(label="年级", min_value=1, max_value=12)
    subject = forms.CharField(label="学科", max_length=20)
    half = forms.ChoiceField(label="学期", choices=Term.Half.choices)
    isbn = forms.CharField(label="ISBN", max_length=17, required=False, help_text="书背面的 13 位数")
    edition = forms.CharField(label="版本", max_length=30, required=False, help_text="如 人教版 2024")
    price = forms.DecimalField(label="定价（元）", min_value=Decimal(0), decimal_places=4, max_digits=9, initial=0)


class BookPlanForm(forms.Form):
    term = RowChoice(Term, order="-begins_on", label="学期")
    spare = forms.IntegerField(label="备用（%）", min_value=0, max_value=50, initial=2, help_text="每百个学生多订几册")


def _whole(text: str, what: str) -> int:
    """:raises ValueError: no whole number."""
    if not re.fullmatch(r"\d{1,6}", text.strip() or "0"):
        raise ValueError(f"{what}「{text}」要写整数。")
    return int(text.strip() or 0)


class _Titles(GivenRows):
    """The titles of a plan, each on a row of its own."""

    nothing = "征订里没有「{name}」。"

    def __init__(self, *more: GridColumn, **keywords: Any) -> None:
        super().__init__(GridColumn("name", "书名", 3, fixed=True), *more, **keywords)

    def of(self, plan: BookPlan) -> list[tuple[str, BookLine]]:
        """Each title as it is called here, with its line."""
        rows = plan.lines.select_related("textbook").order_by("textbook__grade", "id")
        named = {f"{one.textbook.grade} 年级《{one}》": one for one in rows}
        self.lines = {name: one.pk for name, one in named.items()}
        return list(named.items())


class OrderedTitles(_Titles):
    def __init__(self) -> None:
        super().__init__(
            GridColumn("pupils", "学生数", fixed=True), GridColumn("teachers", "教师用书", numeric=True), GridColumn("ordered", "征订数", numeric=True), label="征订数"
        )  # fmt: skip

    def understood(self, row: GridRow) -> tuple[int, tuple[int, int]]:
        return self.line(row), (_whole(row["teachers"], "教师用书"), _whole(row["ordered"], "征订数"))


class ArrivedTitles(_Titles):
    def __init__(self) -> None:
        super().__init__(
            GridColumn("short", "还差", fixed=True), GridColumn("bundles", "几包", numeric=True), GridColumn("each", "每包几册", numeric=True), GridColumn("loose", "另有散册", numeric=True),
            label="到了几包", help_text="按包点：几包、每包几册、散册；没到的空着",
        )  # fmt: skip

    def understood(self, row: GridRow) -> tuple[int, Bundles]:
        bundles, each = _whole(row["bundles"], "几包"), _whole(row["each"], "每包几册")
        if bundles and not each:
            raise ValueError(f"{row['name']} 有 {bundles} 包，没有写每包几册。")
        return self.line(row), Bundles(bundles, each, _whole(row["loose"], "另有散册"))


class ChangeOrderForm(forms.Form):
    lines = OrderedTitles()

    def meet(self, ctx: Ctx, plan: BookPlan) -> None:
        field = self.fields["lines"]
        assert isinstance(field, OrderedTitles)
        self.initial["lines"] = [(name, one.pupils, one.teachers, one.ordered) for name, one in field.of(plan)]


class OrderBooksForm(forms.Form):
    supplier = RowChoice(Supplier, label="报给哪家")


class ReceiveBooksForm(forms.Form):
    place = StoreChoice()
    lines = ArrivedTitles()
    on = Day(label="到书日期")
    paper_number = forms.CharField(label="随货单号", max_length=40, required=False)

    def meet(self, ctx: Ctx, plan: BookPlan) -> None:
        field = self.fields["lines"]
        assert isinstance(field, ArrivedTitles)
        self.initial["lines"] = [(name, one.short, "", "", "") for name, one in field.of(plan)]


class IssueBooksForm(forms.Form):
    school_class = RowChoice(SchoolClass, order="grade", label="班级")
    place = StoreChoice(label="从哪个库房发")
    signature = SignatureField("班主任签名", remembers=False)

    def meet(self, ctx: Ctx, plan: BookPlan) -> None:
        """What the class gets, where it is known already which: one comes from its line of the matrix."""
        named = str(self.data.get("school_class") or self.initial.get("school_class") or "")
        school_class = SchoolClass.objects.open().filter(pk=named).first() if named.isdecimal() else None
        lacking = books.lacking(plan, school_class) if school_class else []
        self.about = [goods(book.item, Decimal(many)) for book, many in lacking]


class PackForm(forms.Form):
    name = forms.CharField(label="名称", max_length=40, help_text="如 2026 秋开学包")
    lines = ItemLines(label="每班几件")

    def meet(self, ctx: Ctx, pack: Pack | None) -> None:
        if pack:
            self.initial["name"] = pack.name
            lines = pack.lines.select_related("item").order_by("seq")
            self.initial["lines"] = [(str(line.item), str(line.quantity)) for line in lines]


class IssuePackForm(forms.Form):
    place = StoreChoice(label="从哪个库房发")

    def meet(self, ctx: Ctx, pack: Pack) -> None:
        classes = SchoolClass.objects.open().count()
        lines = pack.lines.select_related("item").order_by("seq")
        self.about = [goods(line.item, Decimal(line.quantity * classes)) for line in lines]


class SignSlipForm(forms.Form):
    signature = SignatureField("领用人签名", remembers=False)

    def meet(self, ctx: Ctx, slip: Slip) -> None:
        self.about = [goods(move.item, move.quantity) for move in slip.moves.select_related("item").order_by("seq")]


class CountForm(forms.Form):
    place = StoreChoice()
    blind = forms.BooleanField(label="盲盘：盘的人看不到账上有多少", required=False, initial=True)


class CountedLines(GivenRows):
    """What was counted; in a blind count the books do not stand beside it."""

    nothing = "盘点表上没有「{name}」。"

    def __init__(self) -> None:
        columns = (
            GridColumn("name", "物品", 3, fixed=True), GridColumn("book", "账面", fixed=True), GridColumn("counted", "实盘", numeric=True), GridColumn("reason", "不一样的写原因", 2),
        )  # fmt: skip
        super().__init__(*columns, label="实盘", help_text="可以先填一部分，存下来再接着填；数量可以带包装，如 2箱")

    def understood(self, row: GridRow) -> tuple[int, tuple[Decimal, str]] | None:
        line = self.line(row)
        if not row["counted"]:
            return None
        found = rules.in_pieces(
            row["counted"], line.item.unit, {one.unit: one.size for one in line.item.packings.all()}
        )
        if found < 0:
            raise ValueError("实盘不能是负数。")
        return line.pk, (found, row["reason"])


class EnterForm(forms.Form):
    counted = CountedLines()

    def meet(self, ctx: Ctx, count: StockCount) -> None:
        field = self.fields["counted"]
        assert isinstance(field, CountedLines)
        lines = list(count.lines.select_related("item").prefetch_related("item__packings").order_by("seq"))
        field.lines = {f"{one.seq} {one}": one for one in lines}
        self.initial["counted"] = [
            (
                f"{one.seq} {one}", f"（盲盘）{one.item.unit}" if count.blind else f"{plain_quantity(one.book)} {one.item.unit}",
                "" if one.counted is None else plain_quantity(one.counted), one.reason,
            )
            for one in lines
        ]  # fmt: skip


class FoundForm(forms.Form):
    lines = ItemLines(
        LOT,
        GridColumn("note", "为什么账上没有", 2),
        label="表上没有的",
        help_text="目录里没有的物品，先去「物品目录」添上",
    )


class SubmitCountForm(forms.Form):
    signature = SignatureField("盘点人签名")
