"""The forms of custody, damage, roll-outs and comparison."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from zongwu.assets.models import (
    Agreement,
    Asset,
    Damage,
    Handover,
    Price,
)
from zongwu.assets.reconciling import FINANCE, CardList, card_list
from zongwu.assets.routes import SMALL_REPAIR
from zongwu.kernel.accounts import Person
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.transfer.workbook import Unreadable
from zongwu.school.models import Place, SchoolClass, Term
from zongwu.ui.case_forms import SignatureField
from zongwu.ui.choices import Day, NumbersField, RowByNumber, RowChoice, RowsChoice
from zongwu.ui.importing import read_upload


class DrawForm(forms.Form):
    places = RowsChoice(
        Place, label="给哪些房间开", order="path", levels=("campus", "building", "floor", "head_storeroom", "storeroom"),
        help_text="选一栋楼，就给里面每间有资产、有班主任或分保管员的房间各开一份；这学期开过的不再开",
    )  # fmt: skip
    term = RowChoice(Term, order="-begins_on", label="学期")
    until_on = Day(label="责任期到", help_text="一般是期末验收那一天")
    terms = forms.CharField(label="约定", max_length=2000, widget=forms.Textarea(attrs={"rows": 7}))
    signature = SignatureField("总务处签名")

    def meet(self, ctx: Ctx, row: Any) -> None:
        """The words of last time, else those that come with the program."""
        last = Agreement.objects.order_by("-id").values_list("terms", flat=True).first()
        self.initial.setdefault("terms", last or TERMS.format(limit=SMALL_REPAIR.on(ctx.today).normalize()))
        terms = Term.objects.filter(begins_on__lte=ctx.today).order_by("-begins_on")
        self.initial.setdefault("term", terms.values_list("pk", flat=True).first())


TERMS = """一、本房间的财产按所附清单交给责任人保管，责任人落实到人，学生用的落实到学生。
二、爱护财产，门窗灯电人走关好；每月点一遍，少了、坏了当天报总务处。
三、小修（一次不超过 {limit:f} 元）由班级修，大修报总务处。
四、丢失和人为损坏按价赔偿，故意损坏照价赔，正常损耗不赔。
五、不经总务处同意，财产不搬出本房间，不借给外人。
六、期末三方按清单验收；责任人变动先办移交。"""


class AgainForm(forms.Form):
    until_on = Day(label="责任期到")
    signature = SignatureField("总务处签名")


_PUPIL = "把手机递给学生代表签自己的名字；只留笔迹，不记是谁"


class PupilsForm(forms.Form):
    signature = SignatureField("学生代表签名", remembers=False, help_text=_PUPIL)


class RoomSigns(forms.Form):
    """The pads at the foot of a room's page."""

    pupils = SignatureField("学生代表签名", remembers=False, help_text=_PUPIL)
    signature = SignatureField("签名")

    def meet(self, ctx: Ctx, pupils_sign: bool) -> None:
        """A pupil's pad only where one signs."""
        if not pupils_sign:
            del self.fields["pupils"]


class OutcomeForm(forms.Form):
    outcome = forms.CharField(label="结果", max_length=200, help_text="如 已找到放回、已报修、已开赔偿单 PC-2026-0003")
    broken = forms.BooleanField(label="台账上改成「损坏」", required=False)


class DamageForm(forms.Form):
    item = RowChoice(Price, order="name", label="赔偿价目", required=False, help_text="玻璃、门锁这些常坏的，按价目赔")
    asset = RowByNumber(Asset, label="资产编号", required=False, help_text="台账上的东西照标签写；不在台账上的留空")
    what = forms.CharField(label="坏了什么", max_length=60, required=False, help_text="选了资产或价目可以不写")
    quantity = forms.DecimalField(label="数量", min_value=Decimal("0.001"), decimal_places=3, max_digits=12, initial=1)
    place = RowChoice(Place, order="path", label="在哪里", required=False, help_text="空着就是资产或班级所在的房间")
    happened_on = Day(label="发生日期")
    cause = forms.ChoiceField(label="原因", choices=Damage.Cause.choices, initial=Damage.Cause.NEGLIGENCE)
    payer_class = RowChoice(
        SchoolClass,
        order="grade",
        label="责任班级",
        required=False,
        help_text="学生弄坏的写班级，不写学生姓名；班主任落实到人",
    )
    payer = RowChoice(Person, label="责任人", required=False, help_text="教职工弄坏的写人")
    remedy = forms.ChoiceField(label="怎么处理", choices=Damage.Remedy.choices)
    cost = forms.DecimalField(
        label="修理费或价款（元）", min_value=Decimal(0), decimal_places=2, max_digits=12, required=False,
        help_text="不填就按赔偿价目；整件赔的按账面原值扣掉正常损耗，故意损坏不扣",
    )  # fmt: skip
    account = forms.CharField(label="经过", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class PaymentForm(forms.Form):
    amount = forms.DecimalField(label="金额（元）", min_value=Decimal("0.01"), decimal_places=2, max_digits=12)
    receipt_number = forms.CharField(label="收据号", max_length=40)
    on = Day(label="日期")

    def meet(self, ctx: Ctx, damage: Damage) -> None:
        """Offer what is still owed."""
        self.initial.setdefault("amount", damage.left)


class CancelForm(forms.Form):
    receipt_number = forms.CharField(label="收据号", max_length=40)
    reason = forms.CharField(label="原因", max_length=100)


class PriceForm(forms.Form):
    name = forms.CharField(label="名称", max_length=40, help_text="如 窗玻璃、课桌桌面、门锁")
    unit = forms.CharField(label="计量单位", max_length=10, initial="块")
    price = forms.DecimalField(label="单价（元）", min_value=Decimal("0.01"), decimal_places=2, max_digits=9)


class ChangePriceForm(forms.Form):
    price = forms.DecimalField(label="新单价（元）", min_value=Decimal("0.01"), decimal_places=2, max_digits=9)


class RolloutForm(forms.Form):
    name = forms.CharField(label="配发什么", max_length=60, help_text="如 93 间教室装触控一体机")
    assets = RowsChoice(
        Asset,
        label="新设备",
        order="number",
        chosen=True,
        help_text="在台账里勾选再点「安排配发」；一批还是一张卡片的，先「拆成单件」",
    )
    places = RowsChoice(
        Place, label="装到哪里", order="path", required=False, levels=("campus", "building", "floor"),
        help_text="选一栋楼，就按房间顺序一间一件",
    )  # fmt: skip
    classrooms = forms.BooleanField(label="只装有班级的教室", required=False)
    replaces = NumbersField(
        Asset,
        label="换下的旧设备",
        required=False,
        help_text="要换下旧的，一行一个编号，装到它们现在的房间；上面就不用选",
    )
    leader = RowChoice(Person, label="安装负责人", required=False)
    due_on = Day(label="装完期限")


class PlacedForm(forms.Form):
    on = Day(label="装好日期")


class AskForm(forms.Form):
    what = forms.CharField(label="要什么", max_length=60, help_text="照平常的叫法，如 投影仪、课桌")
    quantity = forms.DecimalField(label="数量", min_value=Decimal("0.001"), decimal_places=3, max_digits=12, initial=1)
    reason = forms.CharField(label="用途", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="答复", max_length=200, help_text="如 从信息中心库房借两台，交接单已开；或 列入下月采购"
    )
    handover = RowByNumber(
        Handover, label="交接单号", required=False, help_text="开了交接单的照单号写，如 JY-2026-0003"
    )


class CardListField(forms.FileField):
    """The file becomes the rows that were read from it: nothing of it is kept but what differs."""

    def clean(self, data: Any, initial: Any = None) -> CardList:
        file = super().clean(data, initial)
        try:
            reading = read_upload(file, FINANCE)
        except Unreadable as no:
            raise forms.ValidationError(
                "没有认出「卡片编号」和「资产名称」这两列，请换财政系统导出的卡片明细表。"
            ) from no
        except Refused as no:
            raise forms.ValidationError(str(no)) from no
        return card_list(file.name, reading)


class SettledForm(forms.Form):
    outcome = forms.CharField(label="结果", max_length=100, help_text="如 台账已改、已报财政更正")


class ReconcileForm(forms.Form):
    file = CardListField(
        label="财政系统导出的卡片明细", help_text="xlsx、xls、ods 或 csv；要有卡片编号和资产名称两列，有原值、数量更好"
    )
