"""What the verbs of inspections ask."""

from __future__ import annotations

from typing import Any

from django import forms

from zongwu.checks import follows, queries, rules
from zongwu.checks.actions import Item
from zongwu.checks.models import Area, CheckItem, CheckList, Every, Level, Plan, Point
from zongwu.kernel.accounts import Person, Role
from zongwu.kernel.ctx import Ctx
from zongwu.school.models import Place
from zongwu.ui.choices import Day, RowChoice, RowsChoice
from zongwu.ui.grid import GridColumn, GridField, GridRow

YES = {"是", "要", "√", "✓", "1", "拍", "y", "Y"}


class ItemLines(GridField):
    """The items of a list. What stands under 答案 decides how one answers: nothing, words to choose from, or limits of a reading."""

    def __init__(self, **keywords: Any) -> None:
        columns = (
            GridColumn("name", "查什么", 2), GridColumn("wanted", "怎样算正常", 3), GridColumn("answer", "正常的答案或上下限", 2),
            GridColumn("wrong", "常见的毛病", 3), GridColumn("photo", "异常要拍照"),
        )  # fmt: skip
        keywords.setdefault(
            "help_text", "答案空着就是「正常 / 异常」；写「优、良」就选一个；写「0~8 ℃」「≥125 克」就填数"
        )
        super().__init__(*columns, label="检查项", **keywords)

    def understood(self, row: GridRow) -> Item:
        if not row["name"]:
            raise ValueError("没有写查什么。")
        for key, most in (("name", 40), ("wanted", 80), ("answer", 80), ("wrong", 120)):
            if len(row[key]) > most:
                raise ValueError(f"「{row[key][:12]}……」太长，最多 {most} 个字。")
        limits, photo = rules.limits(row["answer"]), row["photo"] in YES
        words = {"name": row["name"], "wanted": row["wanted"], "wrong": row["wrong"], "photo": photo}
        if limits is not None:
            return Item(**words, **limits, sort=CheckItem.Sort.NUMBER)  # type: ignore[arg-type]
        sort = CheckItem.Sort.CHOICE if row["answer"] else CheckItem.Sort.FINE
        return Item(**words, fine=row["answer"], sort=sort)  # type: ignore[arg-type]


def written(item: CheckItem) -> tuple[str, ...]:
    """An item as the grid shows it."""
    answer = item.fine or rules.told(item.least, item.most, item.unit)
    return (item.name, item.wanted, answer, item.wrong, "是" if item.photo else "")


class ThenField(forms.ChoiceField):
    """What becomes of what is found: known once every domain has registered its own."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(choices=lambda: [("", "先不定"), *follows.choices()], required=False, **keywords)


class ListForm(forms.Form):
    name = forms.CharField(label="名称", max_length=40)
    area = forms.ChoiceField(label="类别", choices=Area.choices)
    then = ThenField(label="查出问题默认", help_text="检查的人当场可以另选")
    second = forms.BooleanField(
        label="要第二个人签字", required=False, help_text="如防火检查：检查人和被查部门负责人都签"
    )
    basis = forms.CharField(label="依据", max_length=120, required=False)


class NewListForm(ListForm):
    items = ItemLines()


class ItemsForm(forms.Form):
    items = ItemLines()

    def meet(self, ctx: Ctx, row: CheckList) -> None:
        self.initial["items"] = [written(one) for one in queries.items_of(row)]


class PointForm(forms.Form):
    place = RowChoice(Place, order="path", label="在哪里")
    name = forms.CharField(
        label="点位叫什么",
        max_length=40,
        required=False,
        help_text="空着就叫房间的名字；一处有几个点的写清楚，如 3 号灭火器箱",
    )


class RenameForm(forms.Form):
    name = forms.CharField(label="点位", max_length=40)


class WhoForm(forms.Form):
    """Who looks, and where."""

    role = RowChoice(Role, order="id", label="哪个岗位查", required=False)
    person = RowChoice(Person, label="指定谁查", required=False, help_text="指定了就只有他查")
    points = RowsChoice(Point, order="name", label="点位", required=False, help_text="一个都不选就是全校查一次")


class PlanForm(WhoForm):
    name = forms.CharField(label="名称", max_length=40, help_text="如 第四次安全大检查")
    checklist = RowChoice(CheckList, order="name", label="检查表")
    level = forms.ChoiceField(label="谁的检查", choices=Level.choices, widget=forms.RadioSelect)
    every = forms.ChoiceField(label="多久一次", choices=Every.choices, help_text="大检查总是一次，下面写最晚哪天查完")
    times = forms.IntegerField(label="每天几次", min_value=1, max_value=24, initial=1)
    from_on = Day(label="从")
    until_on = Day(label="到", required=False)
    basis = forms.CharField(label="依据", max_length=120, required=False)
    evidence = forms.CharField(label="留什么", max_length=60, required=False)
    field_order = ("name", "checklist", "level", "every", "times", "from_on", "until_on")

    def clean(self) -> dict[str, Any]:
        """A sweep is one, whatever the field for other plans stands on."""
        said = super().clean() or {}
        return said | ({"every": Every.ONCE, "times": 1} if said.get("level") == Level.SWEEP else {})


class BeginForm(WhoForm):
    from_on = Day(label="从哪天开始")
    field_order = ("from_on",)

    def meet(self, ctx: Ctx, plan: Plan) -> None:
        self.initial.update(from_on=ctx.today, role=plan.role_id, person=plan.person_id)


class CorrectPlanForm(WhoForm):
    name = forms.CharField(label="名称", max_length=40)
    until_on = Day(label="到", required=False)
    field_order = ("name", "until_on")

    def meet(self, ctx: Ctx, plan: Plan) -> None:
        stops = queries.stops_of(plan).values_list("point", flat=True)
        self.initial.update(role=plan.role_id, person=plan.person_id, points=list(stops))


class SettleForm(forms.Form):
    then = forms.ChoiceField(label="怎么处理", choices=follows.choices, widget=forms.RadioSelect)
