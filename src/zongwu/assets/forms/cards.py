"""The forms of a card: what its verbs ask."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

from zongwu.assets import catalogue
from zongwu.assets.models import (
    Condition,
    Method,
    Procurement,
    Purpose,
    State,
)
from zongwu.kernel.accounts import Person
from zongwu.school.models import Department, Place, Supplier
from zongwu.ui.choices import Day, RowChoice


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


class RegisterForm(forms.Form):
    name = forms.CharField(label="资产名称", max_length=100)
    category = CategoryField()
    spec = forms.CharField(label="规格型号", max_length=120, required=False)
    quantity = forms.DecimalField(label="数量", min_value=Decimal("0.001"), decimal_places=3, max_digits=12, initial=1)
    unit = forms.CharField(label="计量单位", max_length=10, initial="台")
    unit_price = forms.DecimalField(label="单价", min_value=Decimal(0), decimal_places=4, max_digits=13)
    acquired_on = Day(label="取得日期")
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
    warranty_until = Day(label="保修到", required=False)
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
    warranty_until = Day(label="保修到", required=False)
    remark = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 2}), required=False)


class MoveForm(forms.Form):
    place = RowChoice(Place, label="调到", order="path")
    department = RowChoice(Department, label="使用部门", required=False, help_text="不换部门就留空")
    on = Day(label="日期")
    reason = forms.CharField(label="原因", max_length=100, required=False)


class HandOverForm(forms.Form):
    user = RowChoice(Person, label="使用人", required=False, help_text="不变的留空")
    responsible = RowChoice(Person, label="责任人", required=False)
    custodian = RowChoice(Person, label="保管人", required=False)
    on = Day(label="日期")


class StateForm(forms.Form):
    state = forms.ChoiceField(
        label="使用状况", choices=[(s.value, s.label) for s in (State.IN_USE, State.IDLE, State.REPAIR)]
    )
    condition = forms.ChoiceField(label="完好情况", choices=Condition.choices)
    on = Day(label="日期")
    reason = forms.CharField(label="原因", max_length=100, required=False)


class CategoryForm(forms.Form):
    category = CategoryField()


class DateForm(forms.Form):
    acquired_on = Day(label="取得日期")


class RevalueForm(forms.Form):
    value = forms.DecimalField(label="新价值（元）", min_value=Decimal(0), decimal_places=2, max_digits=15)
    on = Day(label="日期")
    reason = forms.CharField(label="依据", max_length=100, help_text="如 审计定案、增加配件")


class VoidForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=100)


class DepreciateForm(forms.Form):
    month = Day(label="月份", help_text="选这个月的任一天")
