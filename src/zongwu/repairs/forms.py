"""What the verbs of repairs ask."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django import forms

from zongwu.assets.models import Asset
from zongwu.kernel.accounts import Person
from zongwu.kernel.ctx import Ctx
from zongwu.repairs import queries
from zongwu.repairs.models import Fault, Ticket, Upkeep, When
from zongwu.school.models import Place, Supplier
from zongwu.stores.forms import ItemLines
from zongwu.stores.models import Balance
from zongwu.stores.queries import stock_of
from zongwu.ui.case_forms import PaperField
from zongwu.ui.choices import Day, RowByNumber, RowChoice


class ReportForm(forms.Form):
    place = RowChoice(Place, order="path", label="地点")
    fault = forms.ChoiceField(label="什么坏了", choices=Fault.choices, widget=forms.RadioSelect)
    what = forms.CharField(label="怎么坏了", max_length=200, required=False, help_text="一句话，可以用键盘上的话筒说")
    spot = forms.CharField(label="具体位置", max_length=40, required=False, help_text="如 东头、后门旁")
    asset = RowByNumber(Asset, label="哪件东西", required=False, help_text="有标签的写编号")
    photo = PaperField(label="照片", required=False, camera=True)
    urgent = forms.BooleanField(label="紧急：漏水、漏电、要伤人的", required=False)
    when = forms.ChoiceField(label="什么时候方便来修", choices=[("", "随时"), *When.choices], required=False)
    caller = forms.CharField(label="替谁报", max_length=40, required=False, help_text="电话里报的，写他是谁")
    phone = forms.CharField(label="他的电话", max_length=20, required=False, help_text="修好办结就抹掉")

    def meet(self, ctx: Ctx, row: None) -> None:
        """From a card: the place where it stands."""
        card = str(self.initial.get("asset", ""))
        if card.isdecimal() and not self.initial.get("place"):
            found = Asset.objects.visible_to(ctx).filter(pk=int(card)).first()
            self.initial["place"] = found.place_id if found else None


class GiveForm(forms.Form):
    worker = RowChoice(Person, label="派给谁", required=False)
    supplier = RowChoice(Supplier, label="请哪家外修", required=False, help_text="外修的，上面写谁盯着")
    due_on = Day(label="期限", required=False)
    quoted = forms.DecimalField(
        label="外修报价（元）", min_value=Decimal(0), max_digits=10, decimal_places=2, initial=0
    )
    quote = PaperField(label="报价单", required=False)

    def meet(self, ctx: Ctx, ticket: Ticket) -> None:
        """Whom the table of duties suggests."""
        suggested = ticket.worker or queries.whose(ticket.place, ticket.fault)
        self.initial.setdefault("worker", suggested.pk if suggested else None)


class HoldForm(forms.Form):
    why = forms.ChoiceField(label="为什么", choices=Ticket.Why.choices, widget=forms.RadioSelect)
    until = Day(label="哪天再修")


class PartLines(ItemLines):
    """What lies in the worker's own stock."""

    def offered(self, ctx: Ctx) -> Iterable[str]:
        rows = Balance.objects.lying().filter(place=stock_of(ctx.person)).order_by("item__pinyin")
        return (f"{name} {spec}".strip() for name, spec in rows.values_list("item__name", "item__spec").distinct())


class FinishForm(forms.Form):
    did = forms.CharField(label="怎么修的", max_length=200, required=False, help_text="换了什么，如 换灯管 2 支")
    used = PartLines(label="用了备件", required=False, help_text="从您自己的备件库里扣")
    photo = PaperField(label="修好的照片", required=False, camera=True)
    cost = forms.DecimalField(label="外修费用（元）", min_value=Decimal(0), max_digits=10, decimal_places=2, initial=0)

    def meet(self, ctx: Ctx, ticket: Ticket) -> None:
        """Whoever keeps no parts is not asked for them."""
        if stock_of(ctx.person) is None:
            del self.fields["used"]


class ConfirmForm(forms.Form):
    stars = forms.TypedChoiceField(
        label="满意吗", choices=[("", "不评"), *((n, "★" * n) for n in range(5, 0, -1))], coerce=int, empty_value=None, required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    said = forms.CharField(label="想说的", max_length=100, required=False)


class ReopenForm(forms.Form):
    said = forms.CharField(label="还有什么不对", max_length=100, required=False)


class DropForm(forms.Form):
    reason = forms.CharField(label="为什么撤销", max_length=100)


class DutyForm(forms.Form):
    worker = RowChoice(Person, label="谁修")
    fault = forms.ChoiceField(label="类别", choices=[("", "全部类别"), *Fault.choices], required=False)
    area = RowChoice(Place, order="path", label="哪里", required=False, help_text="空着是全校；一栋楼就选那栋楼")


class UpkeepForm(forms.Form):
    what = forms.CharField(label="保养什么", max_length=100, help_text="如 水泵换油、复印机清洁")
    place = RowChoice(Place, order="path", label="地点")
    asset = RowByNumber(Asset, label="哪件东西", required=False, help_text="有标签的写编号")
    fault = forms.ChoiceField(label="归哪一类修", choices=Fault.choices)
    months = forms.IntegerField(label="几个月一次", min_value=1, max_value=120, required=False)
    first_on = Day(label="第一次是哪天", required=False)
    every = forms.DecimalField(
        label="或者读数每到多少一次",
        min_value=Decimal(1),
        max_digits=10,
        decimal_places=2,
        required=False,
        help_text="如 5000 页、250 小时",
    )
    unit = forms.CharField(label="读数单位", max_length=10, required=False)
    reading = forms.DecimalField(label="现在的读数", min_value=Decimal(0), max_digits=12, decimal_places=2, initial=0)

    def meet(self, ctx: Ctx, row: None) -> None:
        """From a card: the place where it stands."""
        if str(card := self.initial.get("asset", "")).isdecimal():
            found = Asset.objects.visible_to(ctx).filter(pk=int(card)).first()
            self.initial.setdefault("place", found.place_id if found else None)


class ReadingForm(forms.Form):
    reading = forms.DecimalField(label="现在的读数", min_value=Decimal(0), max_digits=12, decimal_places=2)

    def meet(self, ctx: Ctx, row: Upkeep) -> None:
        self.initial["reading"] = None
