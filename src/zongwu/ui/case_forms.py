"""The forms of a case: one for each decision, with exactly what that decision asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms

from zongwu.kernel import attachments, scope
from zongwu.kernel.accounts import Person
from zongwu.kernel.approvals import matters, people, signatures
from zongwu.kernel.approvals.matters import MATTERS
from zongwu.kernel.approvals.models import Case, Task, TaskState, mine
from zongwu.kernel.approvals.prescribed import Mode, Stage
from zongwu.kernel.approvals.queries import papers_of
from zongwu.kernel.attachments import Kept
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.ui.choices import RowChoice, RowsChoice


class Signing(forms.HiddenInput):
    """A field that a finger writes in; without script it can only be left as it is."""


class SignatureField(forms.CharField):
    """The strokes of a signature (`kernel.approvals.signatures`)."""

    widget = Signing
    last = ""
    """What this person signed last, offered again; `forms.meet` looks it up."""

    def __init__(self, label: str = "手写签名", *, remembers: bool = True, **keywords: Any) -> None:
        self.remembers = remembers
        super().__init__(label=label, required=False, max_length=signatures.LONGEST, **keywords)


class Phrased(forms.Textarea):
    """A few words, with those that people write most beside it (常用语)."""

    def __init__(self, *phrases: str, rows: int = 2) -> None:
        super().__init__(attrs={"rows": rows})
        self.phrases = phrases


class PaperField(forms.FileField):
    """A file that is stored before the action runs; its cleaned value is what the action is given (`Kept`). With `camera` a phone
    offers its camera, and the page makes the picture small before it is sent (`photo.js`)."""

    def __init__(self, *, camera: bool = False, **keywords: Any) -> None:
        super().__init__(**keywords)
        if camera:
            self.widget.attrs |= {"accept": "image/*", "capture": "environment"}

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file:
            return None
        if file.size > attachments.LARGEST:
            raise forms.ValidationError(f"「{file.name}」有 {file.size // 1048576} MB，附件最大 20 MB，请压缩后再传。")
        try:
            return Kept(file.name, *attachments.keep(scope.active_id(), file.name, file.read()))
        except Refused as no:
            raise forms.ValidationError(str(no)) from no


class PhotoField(PaperField):
    """A photograph and nothing else: whoever has no name leaves no papers."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(camera=True, **{"required": False, "label": "照片"} | keywords)

    def clean(self, data: Any, initial: Any = None) -> Any:
        if data and Path(data.name).suffix.lower() not in attachments.PICTURES:
            raise forms.ValidationError("这里只收照片（jpg、png、webp）。")
        return super().clean(data, initial)


EVIDENCE = {Mode.MEETING: ("会议纪要编号", "开会日期"), Mode.OUTSIDE: ("批复文号", "批复日期")}
"""Stages that are passed by a paper: what its number and its date are called."""


class AgreeForm(forms.Form):
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reply_number = forms.CharField(label="编号或文号", max_length=60, required=False)
    held_on = forms.DateField(label="日期", required=False)
    paper = PaperField(label="扫描件或照片", required=False)
    opinion = forms.CharField(
        label="意见", max_length=300, required=False, widget=Phrased("同意", "按规定办理", "情况属实")
    )
    signature = SignatureField()

    def meet(self, ctx: Ctx, case: Case) -> None:
        """Ask only what the present stage asks of this person, and remember what is shown."""
        if "shown" not in self.initial:
            matter = MATTERS[case.matter]
            document = matter.load(case.object_id)
            self.initial["shown"] = matters.content(matter, document, papers_of(document))[1]
        stage = case.stage
        words = EVIDENCE.get(Mode(stage.mode)) if stage else None
        if words and not Task.objects.filter(mine(ctx), case=case, state=TaskState.OPEN, host=None).exists():
            words = None  # asked by the one who brings the paper
        for at, name in enumerate(("reply_number", "held_on", "paper")):
            if words is None:
                del self.fields[name]
            else:
                self.fields[name].required = True
                self.fields[name].label = [*words, "扫描件或照片"][at]
        if stage is None or not stage.signed:
            del self.fields["signature"]


class TogetherForm(forms.Form):
    """One opinion and one signature for several of a kind."""

    opinion = forms.CharField(label="意见", max_length=300, required=False, initial="同意")
    signature = SignatureField()

    def __init__(self, *args: Any, signed: bool = True, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        if not signed:
            del self.fields["signature"]


class RefuseForm(forms.Form):
    opinion = forms.CharField(label="拒绝的原因", widget=forms.Textarea(attrs={"rows": 3}), max_length=300)


class SendBackForm(forms.Form):
    """The stages are those that this case has passed."""

    to = forms.ModelChoiceField(
        Stage._base_manager.none(),
        label="退到哪一步",
        required=False,
        empty_label="申请人，重新填单",
        widget=forms.RadioSelect,
    )
    straight = forms.TypedChoiceField(
        label="补好以后", choices=[("yes", "直接回到我，中间签过的还算"), ("no", "从那一步重走，中间的人再签一次")], initial="yes",
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    opinion = forms.CharField(
        label="退回意见", widget=Phrased("请补材料", "请补照片", "请核对金额", rows=3), max_length=300
    )

    def meet(self, ctx: Ctx, case: Case) -> None:
        """Offer the stages before the present one."""
        steps = people.path(people.steps_of(case.route_id, ctx.today), case.facts)
        passed = [one.id for one in people.passed(steps, case.stage_id)]
        self.fields["to"].queryset = Stage.objects.filter(pk__in=passed).order_by("seq")  # type: ignore[attr-defined]


class PassOnForm(forms.Form):
    person = RowChoice(Person, label="转交给")
    opinion = forms.CharField(label="说明", max_length=300, required=False)


class AddSignersForm(forms.Form):
    people = RowsChoice(Person, label="请谁签")
    position = forms.ChoiceField(
        label="加在哪里", choices=[("before", "我前面：他们先签，再到我"), ("along", "一起：和我同时签"), ("after", "我后面：我签完，他们再签")],
        widget=forms.RadioSelect, initial="before",
    )  # fmt: skip
    mode = forms.ChoiceField(
        label="请了几个人时",
        choices=[("all", "会签：都要签"), ("one", "或签：一人签就行"), ("turn", "依次：一个接一个签")],
        initial="all",
    )
    question = forms.CharField(label="请他们看什么", max_length=300)


class WithdrawForm(forms.Form):
    opinion = forms.CharField(
        label="原因", max_length=300, required=False, help_text="还没人签过可以不写；有人签过了，要现在办的人同意"
    )


class AnswerWithdrawalForm(forms.Form):
    consent = forms.TypedChoiceField(
        label="申请人要撤回",
        choices=[("yes", "同意撤回"), ("no", "不同意，接着办")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label="说明", max_length=300, required=False)


class CopyForm(forms.Form):
    people = RowsChoice(Person, label="抄送给")


class ReassignForm(forms.Form):
    person = RowChoice(Person, label="换谁来签")


class DeputyForm(forms.Form):
    deputy = RowChoice(Person, label="请谁代办")
    from_on = forms.DateField(label="从")
    until_on = forms.DateField(label="到", help_text="含这一天；到期自动收回")
