"""Input shapes of the school's verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Max

from zongwu.kernel.accounts import Person
from zongwu.school import rules, settings
from zongwu.school.models import Department, Place, SchoolClass, Term
from zongwu.ui.choices import Day, RowChoice


class EndForm(forms.Form):
    """Something ends on a day."""

    on = Day(label="自哪天起")
    reason = forms.CharField(label="原因", max_length=80, required=False)


class RuleForm(forms.Form):
    key = forms.ChoiceField(label="规则", choices=lambda: [(one.key, one.label) for one in settings.SETTINGS.values()])
    value = forms.CharField(label="改成", max_length=20)
    from_on = Day(label="从哪天起")
    source = forms.CharField(label="依据", max_length=120, help_text="文件名和文号，或学校的哪次会议")


class ReopenForm(forms.Form):
    on = Day(label="自哪天起")


class CloseDepartmentForm(forms.Form):
    on = Day(label="自哪天起")


class PersonForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=40)
    number = forms.CharField(label="工号", max_length=20, required=False)
    phone = forms.CharField(label="电话", max_length=20, required=False)
    title = forms.CharField(label="职务", max_length=30, required=False)
    entered_on = Day(label="入校日期", required=False)


class NewPersonForm(PersonForm):
    entered_on = Day(label="入校日期", required=False, help_text="空着就是今天")
    department = RowChoice(Department, label="部门", required=False)


class ReturnForm(forms.Form):
    on = Day(label="自哪天起")
    department = RowChoice(Department, label="到哪个部门", required=False, help_text="账号和岗位请管理员另外恢复")


class AppointForm(forms.Form):
    department = RowChoice(Department, label="到哪个部门")
    post = forms.CharField(label="职务", max_length=30, required=False)
    on = Day(label="自")


class DepartmentForm(forms.Form):
    name = forms.CharField(label="部门", max_length=30)
    aliases = forms.CharField(label="别名", max_length=120, required=False, help_text="用顿号隔开，导入时按别名认出来")


class PlaceForm(forms.Form):
    parent = RowChoice(Place, label="在哪里面", order="path", required=False, help_text="校区不用选")
    level = forms.ChoiceField(label="类别", choices=Place.Level.choices, initial=Place.Level.ROOM)
    name = forms.CharField(label="名称", max_length=40)
    code = forms.CharField(label="房间号", max_length=20, required=False)
    keeper = RowChoice(Person, label="分保管员", required=False)
    opened_on = Day(label="启用日期", required=False, help_text="空着就是今天")


class CorrectPlaceForm(forms.Form):
    name = forms.CharField(label="名称", max_length=40)
    code = forms.CharField(label="房间号", max_length=20, required=False)
    level = forms.ChoiceField(
        label="类别", choices=Place.Level.choices, help_text="登记错了才改；房间以后改作库房，请停用旧的、再添新的"
    )


class MovePlaceForm(forms.Form):
    parent = RowChoice(Place, label="移到哪里", order="path", help_text="里面的场所一起移")


class KeeperForm(forms.Form):
    keeper = RowChoice(Person, label="分保管员", required=False)


class ClassForm(forms.Form):
    name = forms.CharField(label="班级", max_length=20, help_text="三（2）班、三2、302班 都认得")
    room = RowChoice(Place, label="教室", order="path", required=False)
    teacher = RowChoice(Person, label="班主任", required=False)


class NewClassForm(ClassForm):
    opened_on = Day(label="建班日期", required=False, help_text="空着就是今天")


class ClassChoice(RowChoice):
    """An open class, in the order of grades."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(SchoolClass, order="grade", **keywords)

    def rows(self) -> Any:
        return super().rows().order_by("grade", "number")


class EndClassForm(forms.Form):
    on = Day(label="自哪天起")
    to = ClassChoice(label="学生并到", required=False, help_text="班里没有学生就不用选")


def _highest() -> int:
    """The highest grade that the school has now: most likely the one that graduates."""
    return SchoolClass.objects.open().aggregate(most=Max("grade"))["most"] or 6


class PromoteForm(forms.Form):
    on = Day(label="自哪天起", help_text="新学年开始的那天，如 8 月 1 日或 9 月 1 日")
    graduating = forms.TypedChoiceField(
        label="毕业年级",
        coerce=int,
        initial=_highest,
        choices=[(n, f"{rules.grade_name(n)}年级") for n in range(1, 10)],
    )


class PupilForm(forms.Form):
    number = forms.CharField(label="学号", max_length=20)
    name = forms.CharField(label="姓名", max_length=40)
    entered_on = Day(label="入学日期", required=False)


class NewPupilForm(PupilForm):
    entered_on = Day(label="入学日期", required=False, help_text="空着就是今天")
    school_class = ClassChoice(label="班级")


class MovePupilForm(forms.Form):
    to = ClassChoice(label="转到")


class PupilReturnsForm(forms.Form):
    on = Day(label="自哪天起")
    to = ClassChoice(label="到哪个班")


class SupplierForm(forms.Form):
    name = forms.CharField(label="单位名称", max_length=60)
    credit_code = forms.CharField(label="统一社会信用代码", max_length=18, required=False)
    contact = forms.CharField(label="联系人", max_length=30, required=False)
    phone = forms.CharField(label="电话", max_length=20, required=False)
    scope = forms.CharField(label="供应范围", max_length=80, required=False)


class NewTermForm(forms.Form):
    year = forms.IntegerField(label="开始的年份", min_value=2000, max_value=2100)
    half = forms.ChoiceField(label="学期", choices=Term.Half.choices)
    begins_on = Day(label="开始", required=False, help_text="不填按 2 月 1 日或 8 月 1 日")
    label = forms.CharField(label="名称", max_length=30, required=False, help_text="不填按学年第几学期")
    classes_begin_on = Day(label="开学日期", required=False, help_text="学生上课的第一天")


class TermForm(forms.Form):
    begins_on = Day(label="开始", help_text="上一学期到这一天的前一天为止")
    label = forms.CharField(label="名称", max_length=30)
    classes_begin_on = Day(label="开学日期", required=False, help_text="学生上课的第一天")


class DaysForm(forms.Form):
    from_on = Day(label="第一天")
    until_on = Day(label="最后一天", required=False, help_text="只有一天就空着")
    works = forms.TypedChoiceField(
        label="这几天", choices=[("no", "放假"), ("yes", "补班（照常上班）")], coerce=lambda word: word == "yes"
    )
    label = forms.CharField(label="说明", max_length=30, help_text="如 国庆节、运动会、国庆节补班")


class YearForm(forms.Form):
    year = forms.IntegerField(label="哪一年", min_value=2004, max_value=2100)
