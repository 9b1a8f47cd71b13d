"""Forms of this package, and how a form field is drawn and spoken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField

from zongwu.kernel import rights
from zongwu.kernel.accounts import Role
from zongwu.kernel.approvals import queries
from zongwu.kernel.ctx import Ctx
from zongwu.ui.case_forms import SignatureField
from zongwu.ui.choices import RowByNumber, RowChoice, RowsChoice, numbers
from zongwu.ui.grid import Grid, GridField


def meet(form: forms.BaseForm, ctx: Ctx, row: Any) -> None:
    """Tell a form who asks and about which row, where what it offers depends on that."""
    if hasattr(form, "meet"):
        form.meet(ctx, row)
    for name, field in form.fields.items():
        if isinstance(field, SignatureField):
            field.last = queries.last_signature(ctx) if field.remembers else ""
        elif isinstance(field, RowByNumber):
            form.initial[name] = field.meet(ctx, form.initial.get(name))
        elif isinstance(field, GridField):
            field.meet(ctx)
        elif isinstance(field, RowsChoice):
            sent = form.data.getlist(form.add_prefix(name)) if form.is_bound else None  # type: ignore[attr-defined]
            begun = form.initial.get(field.model.kind) or form.initial.get("ids") if field.chosen else None
            given = sent if sent is not None else begun or form.initial.get(name) or ()
            field.meet(ctx, given)
            if not form.is_bound:
                form.initial[name] = [str(pk) for pk in numbers(given)]


class AssignRoleForm(forms.Form):
    role = RowChoice(Role, order="id", label="岗位")
    from_on = forms.DateField(label="自", required=False, help_text="空着就是从今天起")
    until_on = forms.DateField(label="至", required=False, help_text="空着就是没有期限")


class ReleaseRoleForm(forms.Form):
    role = RowChoice(Role, order="id", label="岗位")
    until_on = forms.DateField(label="到哪一天为止", required=False, help_text="空着就是今天")


class RoleForm(forms.Form):
    name = forms.CharField(label="岗位名称", max_length=30)
    like = RowChoice(
        Role, order="id", label="权限照着哪个岗位", required=False, help_text="空着就是先没有权限，建好再勾"
    )


class RenameRoleForm(forms.Form):
    name = forms.CharField(label="岗位名称", max_length=30)


class SeparatePostsForm(forms.Form):
    one = RowChoice(Role, order="id", label="岗位")
    other = RowChoice(Role, order="id", label="不能兼任")
    source = forms.CharField(label="依据", max_length=200, help_text="哪份文件哪一条，或学校的哪次会议")


class LiftSeparationForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=200)


class Matrix(forms.CheckboxSelectMultiple):
    """Rights by area, each with a box for every range in which it can be given."""

    def areas(self, given: Sequence[str]) -> list[tuple[str, list[tuple[rights.Right, list[tuple[str, str, bool]]]]]]:
        """Area → rights → (value, range in words, whether it is given)."""
        return [
            (area, [(one, [(f"{one.permission}:{s}", str(s.label), f"{one.permission}:{s}" in given) for s in one.spans])
                    for one in found])
            for area, found in rights.catalogue()
        ]  # fmt: skip


class GrantsForm(forms.Form):
    rights = forms.MultipleChoiceField(label="权限", choices=rights.choices, required=False, widget=Matrix)


class JoinForm(forms.Form):
    username = forms.CharField(
        label="账号", max_length=40, help_text="以后登录用，手机号、工号或拼音都可以",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "off"}),
    )  # fmt: skip
    password = forms.CharField(
        label="密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False,
        help_text="至少 8 位，别用生日、姓名或 12345678",
    )  # fmt: skip
    again = forms.CharField(
        label="再输一遍密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("password") and cleaned.get("password") != cleaned.get("again"):
            self.add_error("again", "两次输入的密码不一样。")
        return cleaned


class UploadForm(forms.Form):
    file = forms.FileField(label="文件", help_text="照片、PDF、Word、Excel 或 OFD，最大 20 MB")


def prepare(bound: BoundField) -> BoundField:
    """Give a field's widget the look of the kit: class, kind of input, the sentences that describe it."""
    widget = bound.field.widget
    if isinstance(widget, forms.DateInput) and not isinstance(widget, forms.DateTimeInput):
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    return bound


def attributes(bound: BoundField) -> dict[str, str | bool]:
    """The attributes of a drawn field."""
    widget = bound.field.widget
    plain = isinstance(widget, forms.CheckboxInput)
    looks: dict[str, str | bool] = {"class": "tick l" if plain else "field wrong" if bound.errors else "field"}
    described = [f"{bound.auto_id}_hint"] if bound.help_text else []
    described += [f"{bound.auto_id}_wrong"] if bound.errors else []
    if described:
        looks["aria-describedby"] = " ".join(described)
    if isinstance(widget, forms.Textarea) and not isinstance(widget, Grid):
        looks["rows"] = "3"
    if isinstance(bound.field, forms.DecimalField):
        looks["inputmode"] = "decimal"
    return looks


def picks(bound: BoundField) -> list[tuple[str, list[tuple[str, str, bool]], bool]]:
    """Several of a few: boxes to tick instead of a list in which one must hold Ctrl.

    (name of the group, [(value, label, ticked)], whether the group is long and folded).
    """
    if not isinstance(bound.field.widget, forms.SelectMultiple):
        return []
    given = {str(value) for value in bound.value() or ()}
    groups: dict[str, list[tuple[str, str, bool]]] = {}
    for value, label in bound.field.widget.choices:
        inside = label if isinstance(label, list | tuple) else [(value, label)]
        group = groups.setdefault(str(value) if isinstance(label, list | tuple) else "", [])
        group += [(str(code), str(text), str(code) in given) for code, text in inside]
    return [(name, boxes, bool(name) and len(boxes) > MANY) for name, boxes in groups.items()]


MANY = 12
"""A group with more boxes than this is folded."""


def areas(bound: BoundField) -> list[Any]:
    """The rows of a matrix of rights; empty for every other field."""
    widget = bound.field.widget
    return widget.areas([str(value) for value in bound.value() or ()]) if isinstance(widget, Matrix) else []


def spoken(field: forms.Field, given: Sequence[str]) -> str:
    """The values of a filter in words: labels for codes, names for ids."""
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        names = {str(field.prepare_value(row)): str(row) for row in field.queryset.filter(pk__in=_numbers(given))}
        return "、".join(names.get(value, value) for value in given)
    choices: dict[str, str] = {}
    for value, label in getattr(field, "choices", ()):
        nested = label if isinstance(label, list | tuple) else [(value, label)]
        choices.update((str(code), str(text)) for code, text in nested)
    return "、".join(choices.get(value, value) for value in given)


def _numbers(given: Sequence[str]) -> list[int]:
    return [int(value) for value in given if value.isdecimal()]


def initial_day(form: forms.BaseForm, today: date) -> None:
    """A day that nobody has chosen yet is today, where the form asks for the day of the act."""
    for name, field in form.fields.items():
        if isinstance(field, forms.DateField) and name in ("on", "month", "happened_on") and field.initial is None:
            form.initial.setdefault(name, today)
