"""Input shapes of the summary's verbs."""

from __future__ import annotations

from django import forms

from zongwu.school.models import Term
from zongwu.ui.choices import RowChoice


class BeginForm(forms.Form):
    term = RowChoice(Term, label="学期", order="-begins_on")


class AddSectionForm(forms.Form):
    heading = forms.CharField(label="标题", max_length=60)
    level = forms.TypedChoiceField(label="层次", choices=[(1, "一、"), (2, "（一）")], coerce=int, initial=1)


class SectionForm(forms.Form):
    section = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    heading = forms.CharField(label="标题", max_length=60, required=False)
    body = forms.CharField(
        label="正文",
        widget=forms.Textarea,
        required=False,
        help_text="〔〕里是活的数字，可以挪动，不要改里面的字；一段一行",
    )


class ArrangeForm(forms.Form):
    """What one press in the editor says."""

    do = forms.ChoiceField(choices=[(one, one) for one in ("up", "down", "remove", "say")])
    section = forms.IntegerField(required=False)
    version = forms.IntegerField(required=False)
    statement = forms.CharField(max_length=80, required=False)
