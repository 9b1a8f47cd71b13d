"""Input shapes of the register's verbs: a form's cleaned data are an action's keywords."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

from zongwu.assets import catalogue
from zongwu.assets.models import Asset, Condition, Disposal, Handover, Method, Procurement, Purpose, State
from zongwu.kernel.accounts import Person
from zongwu.kernel.ctx import Ctx
from zongwu.school.models import Department, Place, Supplier
from zongwu.ui.case_forms import SignatureField
from zongwu.ui.choices import RowChoice, RowsChoice


class CategoryField(forms.CharField):
    """A GB/T 14885-2022 code, or the everyday word for the thing."""

    def __init__(self, **keywords: Any) -> None:
        keywords.setdefault("label", "分类")
        keywords.setdefault("help_text", "写日常叫法就行，如 空调、课桌；也可以写 A02061804")
        super().__init__(max_length=40, **keywords)

    def clean(self, value: Any) -> str:
        text = super().clean(value).strip()
        code = re.match(r"A\d{8}", text.upper())
        if code or not text:
            return code[0] if code else ""
        found = catalogue.search(text)
        if len(found) == 1:
            return found[0].code
        if not found:
            raise forms.ValidationError(f"目录里没有「{text}」，换个叫法试试，如 电脑、桌子、灭火器。")
        options = "、".join(f"{entry.code} {entry.name}" for entry in found[:6])
        raise forms.ValidationError(f"「{text}」可能是：{options}。请把代码填进来。")


class _Day(forms.DateField):
    """A day picked from the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RegisterForm(forms.Form):
    name = forms.CharField(label="资产名称", max_length=100)
    category = CategoryField()
    spec = forms.CharField(label="规格型号", max_length=120, required=False)
    quantity = forms.DecimalField(label="数量", min_value=Decimal("0.001"), decimal_places=3, max_digits=12, initial=1)
    unit = forms.CharField(label="计量单位", max_length=10, initial="台")
    unit_price = forms.DecimalField(label="单价", min_value=Decimal(0), decimal_places=4, max_digits=13)
    acquired_on = _Day(label="取得日期")
    method = forms.ChoiceField(label="取得方式", choices=Method.choices, initial=Method.BOUGHT)
    procurement = forms.ChoiceField(label="采购组织形式", choices=[("", "—"), *Procurement.choices], required=False)
    funding = forms.CharField(label="资金来源", max_length=60, required=False)
    supplier = RowChoice(Supplier, label="供应商", required=False)
    place = RowChoice(Place, label="存放地点", order="path", required=False)
    department = RowChoice(Department, label="使用部门", required=False)
    user = RowChoice(Person, label="使用人", required=False)
    responsible = RowChoice(Person, label="责任人", required=False)
    custodian = RowChoice(Person, label="保管人", required=False)
    brand = forms.CharField(label="品牌", max_length=60, required=False)
    serial = forms.CharField(label="序列号", max_length=60, required=False)
    purpose = forms.ChoiceField(label="设备用途", choices=[("", "—"), *Purpose.choices], required=False)
    warranty_until = _Day(label="保修到", required=False)
    number = forms.CharField(label="资产编号", max_length=40, required=False, help_text="留空由系统编号")
    remark = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 2}), required=False)


class CorrectForm(forms.Form):
    name = forms.CharField(label="资产名称", max_length=100)
    finance_number = forms.CharField(label="财政卡片号", max_length=40, required=False)
    spec = forms.CharField(label="规格型号", max_length=120, required=False)
    brand = forms.CharField(label="品牌", max_length=60, required=False)
    manufacturer = forms.CharField(label="生产厂家", max_length=80, required=False)
    serial = forms.CharField(label="序列号", max_length=60, required=False)
    unit = forms.CharField(label="计量单位", max_length=10, required=False)
    purpose = forms.ChoiceField(label="设备用途", choices=[("", "—"), *Purpose.choices], required=False)
    funding = forms.CharField(label="资金来源", max_length=60, required=False)
    supplier = RowChoice(Supplier, label="供应商", required=False)
    contract_number = forms.CharField(label="合同编号", max_length=40, required=False)
    invoice_number = forms.CharField(label="发票号", max_length=40, required=False)
    voucher_number = forms.CharField(label="会计凭证号", max_length=40, required=False)
    warranty_until = _Day(label="保修到", required=False)
    remark = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 2}), required=False)


class MoveForm(forms.Form):
    place = RowChoice(Place, label="调到", order="path")
    department = RowChoice(Department, label="使用部门", required=False, help_text="不换部门就留空")
    on = _Day(label="日期")
    reason = forms.CharField(label="原因", max_length=100, required=False)


class HandOverForm(forms.Form):
    user = RowChoice(Person, label="使用人", required=False, help_text="不变的留空")
    responsible = RowChoice(Person, label="责任人", required=False)
    custodian = RowChoice(Person, label="保管人", required=False)
    on = _Day(label="日期")


class StateForm(forms.Form):
    state = forms.ChoiceField(
        label="使用状况", choices=[(s.value, s.label) for s in (State.IN_USE, State.IDLE, State.REPAIR)]
    )
    condition = forms.ChoiceField(label="完好情况", choices=Condition.choices)
    on = _Day(label="日期")
    reason = forms.CharField(label="原因", max_length=100, required=False)


class CategoryForm(forms.Form):
    category = CategoryField()


class DateForm(forms.Form):
    acquired_on = _Day(label="取得日期")


class RevalueForm(forms.Form):
    value = forms.DecimalField(label="新价值（元）", min_value=Decimal(0), decimal_places=2, max_digits=15)
    on = _Day(label="日期")
    reason = forms.CharField(label="依据", max_length=100, help_text="如 审计定案、增加配件")


class VoidForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=100)


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


class SubmitForm(forms.Form):
    signature = SignatureField("申请人签名")


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
    due_on = _Day(label="归还期限", required=False)
    reason = forms.CharField(label="用途或原因", max_length=200, required=False)


class ReturnForm(forms.Form):
    assets = RowsChoice(Asset, label="还哪几件", order="number", required=False, help_text="不勾就是全部还了")
    condition = forms.ChoiceField(label="归还时", choices=Condition.choices, initial=Condition.GOOD)
    note = forms.CharField(label="说明", max_length=100, required=False, help_text="坏了的写明坏在哪里")
    on = _Day(label="日期")

    def meet(self, ctx: Ctx, handover: Handover) -> None:
        """Offer what is still out."""
        field = self.fields["assets"]
        assert isinstance(field, RowsChoice)
        field.only = list(handover.lines.filter(returned_on=None).values_list("asset_id", flat=True))


class RenewForm(forms.Form):
    due_on = _Day(label="续到哪一天")
    reason = forms.CharField(label="原因", max_length=100, required=False)


class PlanForm(forms.Form):
    name = forms.CharField(label="盘点名称", max_length=40, help_text="如 2026 年度盘点")
    deadline_on = _Day(label="盘完期限")
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
    deadline_on = _Day(label="盘完期限")
    watcher = RowChoice(Person, label="监盘人", required=False)
    second_watcher = RowChoice(Person, label="第二监盘人", required=False)


class AssignForm(forms.Form):
    counter = RowChoice(Person, label="请谁盘")


class FinishForm(forms.Form):
    signature = SignatureField("签名")


class DropForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=100, required=False)


class SettleForm(forms.Form):
    proceeds = forms.DecimalField(label="处置收入（元）", min_value=Decimal(0), decimal_places=2, max_digits=15)
    receipt_number = forms.CharField(label="缴款凭证号", max_length=40, help_text="收入要全额上缴国库；没有收入写“无”")
    settled_on = _Day(label="日期")
    receiver = forms.CharField(label="接收或回收单位", max_length=60, required=False)


class DepreciateForm(forms.Form):
    month = _Day(label="月份", help_text="选这个月的任一天")
