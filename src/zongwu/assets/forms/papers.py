"""The forms of papers that are signed: disposals, hand-overs, counts."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from zongwu.assets.forms.cards import CategoryField
from zongwu.assets.models import (
    Asset,
    Condition,
    Disposal,
    Handover,
)
from zongwu.kernel.accounts import Person
from zongwu.kernel.ctx import Ctx
from zongwu.school.models import Department, Place
from zongwu.ui.case_forms import SignatureField
from zongwu.ui.choices import Day, RowChoice, RowsChoice


class SubmitForm(forms.Form):
    signature = SignatureField("申请人签名")


class DropForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=100, required=False)


class DisposalForm(forms.Form):
    assets = RowsChoice(
        Asset, label="处置清单", order="number", chosen=True, help_text="在台账里勾选再点「申请处置」；不处置的去掉勾"
    )
    form = forms.ChoiceField(label="处置形式", choices=Disposal.Form.choices, initial=Disposal.Form.SCRAP)
    reason = forms.CharField(
        label="处置原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="什么时候买的、坏在哪里、修值不值",
    )
    appraiser = RowChoice(Person, label="鉴定人", required=False, help_text="达到大额标准的要两个人鉴定")
    second_appraiser = RowChoice(Person, label="第二鉴定人", required=False)
    receiver = forms.CharField(label="接收或回收单位", max_length=60, required=False)


class SettleForm(forms.Form):
    proceeds = forms.DecimalField(label="处置收入（元）", min_value=Decimal(0), decimal_places=2, max_digits=15)
    receipt_number = forms.CharField(label="缴款凭证号", max_length=40, help_text="收入要全额上缴国库；没有收入写“无”")
    settled_on = Day(label="日期")
    receiver = forms.CharField(label="接收或回收单位", max_length=60, required=False)


class HandoverForm(forms.Form):
    form = forms.ChoiceField(
        label="办什么",
        choices=Handover.Form.choices,
        help_text="领用长期用；借用要还；部门调拨双方负责人签；保管移交是人离岗或换保管人",
    )
    assets = RowsChoice(
        Asset,
        label="交接清单",
        order="number",
        chosen=True,
        required=False,
        help_text="在台账里勾选再点「开交接单」；不勾就按下面的移交人或房间全部交",
    )
    giver = RowChoice(Person, label="移交人", required=False, help_text="保管移交必填；没有勾资产时，交他名下的全部")
    room = RowChoice(Place, label="这间房的全部", order="path", required=False)
    receiver = RowChoice(Person, label="接收人")
    to_department = RowChoice(Department, label="移入部门", required=False, help_text="部门调拨必填")
    to_place = RowChoice(Place, label="放到哪里", order="path", required=False)
    witness = RowChoice(Person, label="监交人", required=False, help_text="保管移交必填")
    due_on = Day(label="归还期限", required=False)
    reason = forms.CharField(label="用途或原因", max_length=200, required=False)


class ReturnForm(forms.Form):
    assets = RowsChoice(Asset, label="还哪几件", order="number", required=False, help_text="不勾就是全部还了")
    condition = forms.ChoiceField(label="归还时", choices=Condition.choices, initial=Condition.GOOD)
    note = forms.CharField(label="说明", max_length=100, required=False, help_text="坏了的写明坏在哪里")
    on = Day(label="日期")

    def meet(self, ctx: Ctx, handover: Handover) -> None:
        """Offer what is still out."""
        field = self.fields["assets"]
        assert isinstance(field, RowsChoice)
        field.only = list(handover.lines.filter(returned_on=None).values_list("asset_id", flat=True))


class RenewForm(forms.Form):
    due_on = Day(label="续到哪一天")
    reason = forms.CharField(label="原因", max_length=100, required=False)


class PlanForm(forms.Form):
    name = forms.CharField(label="盘点名称", max_length=40, help_text="如 2026 年度盘点")
    deadline_on = Day(label="盘完期限")
    places = RowsChoice(
        Place,
        label="范围",
        order="path",
        required=False,
        levels=("campus", "building", "head_storeroom", "storeroom"),
        help_text="不选就是全校；选一栋楼就盘里面的房间",
    )
    department = RowChoice(Department, label="只盘这个部门", required=False)
    category = CategoryField(label="只盘这一类", required=False)
    blind = forms.BooleanField(label="盲盘：盘的人看不到账上有什么", required=False)
    watcher = RowChoice(Person, label="监盘人", required=False)
    second_watcher = RowChoice(Person, label="第二监盘人", required=False)


class ReplanForm(forms.Form):
    name = forms.CharField(label="盘点名称", max_length=40)
    deadline_on = Day(label="盘完期限")
    watcher = RowChoice(Person, label="监盘人", required=False)
    second_watcher = RowChoice(Person, label="第二监盘人", required=False)


class AssignForm(forms.Form):
    counter = RowChoice(Person, label="请谁盘")


class FinishForm(forms.Form):
    signature = SignatureField("签名")
