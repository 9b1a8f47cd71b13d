"""What the verbs of safety ask."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from zongwu.assets.models import Asset
from zongwu.checks.models import Point
from zongwu.kernel.accounts import Person
from zongwu.kernel.ctx import Ctx
from zongwu.repairs.models import Ticket
from zongwu.safety import rules
from zongwu.safety.models import Field, Grade, Hazard, Source
from zongwu.school.models import Place
from zongwu.ui.case_forms import PhotoField
from zongwu.ui.choices import Day, RowChoice


def _direct() -> list[tuple[str, str]]:
    """The direct items of the guide: one of them makes a hazard a major one."""
    return [("", "都不是"), *((one.item, f"{Field(one.field).label}：{one.item}") for one in rules.direct())]


class ReportForm(forms.Form):
    place = RowChoice(Place, order="path", label="地点")
    spot = forms.CharField(label="具体部位", max_length=60, required=False, help_text="如 西楼梯扶手、后厨东墙")
    what = forms.CharField(
        label="什么隐患",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一句话，可以用键盘上的话筒说",
    )
    field = forms.ChoiceField(label="类别", choices=[("", "请选"), *Field.choices])
    grade = forms.ChoiceField(
        label="等级",
        choices=[("general", "一般：按期限改好"), ("major", "重大：马上报校长")],
        initial="general",
        widget=forms.RadioSelect,
    )
    basis = forms.ChoiceField(
        label="判定依据", choices=_direct, required=False, help_text=f"{rules.GUIDE}：是其中一条就按重大隐患办"
    )
    photo = PhotoField(label="照片")
    source = forms.ChoiceField(
        label="来源",
        choices=[(one.value, one.label) for one in Source if one not in (Source.IMPORT, Source.CHECK)],
        initial=Source.OWN,
    )
    superior = forms.CharField(label="上级检查", max_length=80, required=False, help_text="哪个部门、文号")
    finder_name = forms.CharField(label="替谁登记", max_length=40, required=False, help_text="电话或口头说的，写他是谁")

    def meet(self, ctx: Ctx, row: None) -> None:
        """Begun from a card, a point or a repair: the place where that is."""
        begun: dict[str, Any] = {"asset": Asset, "point": Point, "ticket": Ticket}
        for kind, model in begun.items():
            if not str(pk := self.initial.get(kind, "")).isdecimal():
                continue
            if (found := model.objects.visible_to(ctx).filter(pk=int(pk)).first()) is None:
                continue
            words = {"asset": found, "point": "", "ticket": getattr(found, "what", "")}
            self.initial.update(place=found.place_id, what=str(words[kind]))
            self.initial.setdefault("spot", getattr(found, "spot", "") or (found.name if kind == "point" else ""))


class AssignForm(forms.Form):
    responsible = RowChoice(Person, label="责任：谁来改")
    supervisor = RowChoice(Person, label="督办人", required=False, help_text="重大隐患必填，不能是责任人自己")
    measure = forms.CharField(label="措施：怎么改", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    money = forms.DecimalField(label="资金（元）", min_value=Decimal(0), max_digits=11, decimal_places=2, initial=0)
    funding = forms.CharField(label="资金来源", max_length=40, required=False, help_text="如 公用经费 维修")
    due_on = Day(label="时限：哪天以前")
    interim = forms.CharField(
        label="预案：没改好以前怎么防护", max_length=200, required=False, help_text="如 封西楼梯，走东梯；重大隐患必填"
    )
    grade = forms.ChoiceField(label="等级", choices=Grade.choices, widget=forms.RadioSelect)
    basis = forms.CharField(
        label="判定依据", max_length=120, required=False, help_text=f"重大隐患必填，写{rules.GUIDE}哪一条"
    )

    def meet(self, ctx: Ctx, hazard: Hazard) -> None:
        self.initial.update(responsible=hazard.responsible_id, supervisor=hazard.supervisor_id)


class MoveForm(forms.Form):
    until = Day(label="延到哪天")
    reason = forms.CharField(label="为什么", max_length=100)

    def meet(self, ctx: Ctx, hazard: Hazard) -> None:
        self.initial["until"] = None


class FixForm(forms.Form):
    did = forms.CharField(label="怎么改的", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    photo = PhotoField(label="整改后的照片")
    on = Day(label="哪天改好的")
    money = forms.DecimalField(
        label="实际花了（元）",
        min_value=Decimal(0),
        max_digits=11,
        decimal_places=2,
        required=False,
        help_text="空着就还是计划的数",
    )
    by_others = forms.CharField(label="请哪家做的", max_length=40, required=False)


class PassForm(forms.Form):
    photo = PhotoField(label="现场照", help_text="没有现场照不能销号")
    verdict = forms.CharField(
        label="看到了什么", max_length=100, required=False, help_text="如 立柱不晃、横杆平直、警戒已撤"
    )


class FailForm(forms.Form):
    verdict = forms.CharField(label="哪里不合格", max_length=100)
    photo = PhotoField(label="现场照")


class ListedForm(forms.Form):
    number = forms.CharField(label="挂牌文号", max_length=60)
    on = Day(label="挂牌日期")
    supervisor = RowChoice(Person, label="督办人")


class UpForm(forms.Form):
    to = forms.CharField(label="报给谁、文号", max_length=100, help_text="如 县教育局安全股，电话报告后补书面")
    on = Day(label="哪天报的")


class DropForm(forms.Form):
    reason = forms.CharField(label="为什么不算", max_length=100)
