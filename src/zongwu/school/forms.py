"""Input shapes of the school's verbs."""

from __future__ import annotations

from django import forms

from zongwu.kernel.accounts import Person
from zongwu.school.models import Department, Place, Term
from zongwu.ui.choices import RowChoice


class _Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PersonForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=40)
    number = forms.CharField(label="工号", max_length=20, required=False)
    phone = forms.CharField(label="电话", max_length=20, required=False)
    title = forms.CharField(label="职务", max_length=30, required=False)


class NewPersonForm(PersonForm):
    department = RowChoice(Department, label="部门", required=False)


class AppointForm(forms.Form):
    department = RowChoice(Department, label="到哪个部门")
    post = forms.CharField(label="职务", max_length=30, required=False)
    on = _Day(label="自")


class DepartmentForm(forms.Form):
    name = forms.CharField(label="部门", max_length=30)
    aliases = forms.CharField(label="别名", max_length=120, required=False, help_text="用顿号隔开，导入时按别名认出来")


class PlaceForm(forms.Form):
    parent = RowChoice(Place, label="在哪里面", order="path", required=False, help_text="校区不用选")
    level = forms.ChoiceField(label="类别", choices=Place.Level.choices, initial=Place.Level.ROOM)
    name = forms.CharField(label="名称", max_length=40)
    code = forms.CharField(label="房间号", max_length=20, required=False)
    keeper = RowChoice(Person, label="分保管员", required=False)


class KeeperForm(forms.Form):
    keeper = RowChoice(Person, label="分保管员", required=False)


class ClassForm(forms.Form):
    name = forms.CharField(label="班级", max_length=20, help_text="三（2）班、三2、302班 都认得")
    room = RowChoice(Place, label="教室", order="path", required=False)
    teacher = RowChoice(Person, label="班主任", required=False)


class SupplierForm(forms.Form):
    name = forms.CharField(label="单位名称", max_length=60)
    credit_code = forms.CharField(label="统一社会信用代码", max_length=18, required=False)
    contact = forms.CharField(label="联系人", max_length=30, required=False)
    phone = forms.CharField(label="电话", max_length=20, required=False)
    scope = forms.CharField(label="供应范围", max_length=80, required=False)


class NewTermForm(forms.Form):
    year = forms.IntegerField(label="开始的年份", min_value=2000, max_value=2100)
    half = forms.ChoiceField(label="学期", choices=Term.Half.choices)
    begins_on = _Day(label="开始", required=False, help_text="不填按 2 月 1 日或 8 月 1 日")
    label = forms.CharField(label="名称", max_length=30, required=False, help_text="不填按学年第几学期")


class TermForm(forms.Form):
    begins_on = _Day(label="开始")
    label = forms.CharField(label="名称", max_length=30)
