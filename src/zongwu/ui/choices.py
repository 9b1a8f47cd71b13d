"""Form fields in which one picks: a row of the active school, a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, islice
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django.forms.models import ModelChoiceIterator

from zongwu.kernel import pinyin
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.scope import SchoolModel

ENDS = ("left_on", "closed_on")
"""Rows that have ended are not offered any more."""


class Day(forms.DateField):
    """A day picked from the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class _WhenShown(ModelChoiceIterator[Any]):
    """Asks for the rows when the choices are shown, not when the form is made."""

    field: RowChoice

    def __init__(self, field: RowChoice) -> None:
        self.field = field

    @property
    def queryset(self) -> QuerySet[Any]:  # type: ignore[override]
        return self.field.rows()


class _Initialled(forms.Select):
    """A list whose options also say their initials, by which the page's script finds them."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **keywords: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *args, **keywords)
        if value:
            option["attrs"]["data-initials"] = pinyin.initials(str(label))
        return option


class RowChoice(forms.ModelChoiceField[Any]):
    """One row of a model, asked for when the form is shown: a class is defined while no school is active."""

    iterator = _WhenShown
    widget = _Initialled

    def __init__(self, model: type[SchoolModel], *, order: str = "pinyin", **keywords: Any) -> None:
        self.model, self.order = model, order
        keywords.setdefault("empty_label", "—")
        super().__init__(queryset=None, **keywords)

    def rows(self) -> QuerySet[Any]:
        names = {field.name for field in self.model._meta.fields}
        rows: QuerySet[Any] = self.model.objects.order_by(self.order)
        return rows.filter(**{end: None for end in ENDS if end in names})

    def _set(self, rows: Any) -> None:
        self.widget.choices = _WhenShown(self)

    queryset = property(rows, _set)

    def __deepcopy__(self, memo: dict[int, Any]) -> RowChoice:
        copied: RowChoice = forms.Field.__deepcopy__(self, memo)
        copied.widget.choices = _WhenShown(copied)
        return copied


class RowsChoice(forms.ModelMultipleChoiceField[Any]):
    """Several rows of a model. With `chosen`, the rows come from where the person was (`?asset=1,2`), are the only ones offered,
    and are those that he may see; he can only take some away. `levels` keeps a long list of places short: a single room is
    offered where the page was begun from it.
    """

    def __init__(
        self, model: type[SchoolModel], *, order: str = "pinyin", chosen: bool = False, levels: Sequence[str] = (),
        **keywords: Any,
    ) -> None:  # fmt: skip
        self.model, self.order, self.chosen, self.levels = model, order, chosen, levels
        self.only: Sequence[int] | None = None
        """Set by a form that knows which rows the present document leaves."""
        super().__init__(queryset=model._base_manager.none(), widget=forms.SelectMultiple, **keywords)

    def meet(self, ctx: Ctx, given: Any) -> None:
        """Ask for the rows, now that it is known who asks; `given` are the ids that came with the page."""
        names = {field.name for field in self.model._meta.fields}
        rows = self.model.objects.visible_to(ctx).order_by(self.order)
        rows = rows.filter(**{end: None for end in ENDS if end in names})
        rows = rows.filter(Q(level__in=self.levels) | Q(pk__in=numbers(given))) if self.levels else rows
        rows = rows.filter(pk__in=self.only) if self.only is not None else rows
        self.queryset = rows.filter(pk__in=numbers(given)) if self.chosen else rows


class RowByNumber(forms.CharField):
    """One row by the number on its label, where there are too many to list. The page it was begun from gives the id."""

    def __init__(self, model: type[SchoolModel], **keywords: Any) -> None:
        self.model = model
        self.rows: QuerySet[Any] = model._base_manager.none()
        super().__init__(max_length=60, **keywords)

    def meet(self, ctx: Ctx, begun: Any) -> str:
        """Look among what this person sees; answers the number of the row that was given."""
        rows = self.model.objects.visible_to(ctx)
        self.rows = rows.live() if hasattr(rows, "live") else rows
        row = self.rows.filter(pk__in=numbers(begun)[:1]).first()
        return self.prepare_value(row)

    def prepare_value(self, value: Any) -> str:
        return str(getattr(value, "number", value) or "")

    def clean(self, value: Any) -> Any:
        text = super().clean(value).upper()
        row = self.rows.filter(number=text).first() if text else None
        if text and row is None:
            name = self.model._meta.verbose_name
            raise forms.ValidationError(f"没有编号是「{text}」的{name}，请照原样写；不知道编号请留空。")
        return row


class NumbersField(RowByNumber):
    """Several rows, each by its number on a line of its own; `ZC-2018-0001~0050` stands for fifty."""

    widget = forms.Textarea(attrs={"rows": 4})
    MOST = 500

    def __init__(self, model: type[SchoolModel], **keywords: Any) -> None:
        super().__init__(model, **keywords)
        self.max_length = None
        self.validators = []

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "\n".join(str(getattr(row, "number", row)) for row in value or ())

    def clean(self, value: Any) -> Any:
        lines = re.split(r"[\s,，、;；]+", forms.CharField.clean(self, value).upper())
        known = set(self.rows.filter(number__in=lines[: self.MOST]).values_list("number", flat=True))
        runs = ([line] if line in known else _run(line) for line in lines)
        wanted = list(islice(chain.from_iterable(runs), self.MOST + 1))
        if len(wanted) > self.MOST:
            raise forms.ValidationError(f"一次最多 {self.MOST} 个编号。")
        found = {row.number: row for row in self.rows.filter(number__in=wanted)}
        if lacking := [number for number in wanted if number not in found]:
            raise forms.ValidationError(f"找不到这些编号：{'、'.join(lacking[:10])}，请照标签上的写。")
        return [found[number] for number in dict.fromkeys(wanted)]


def _run(text: str) -> list[str]:
    """One number, or a run of them written `ZC-2018-0001~0050`."""
    fits = re.fullmatch(r"(.*?)(\d{1,9})[~～](\d{1,9})", text)
    if fits is None or not 0 <= int(fits[3]) - int(fits[2]) <= NumbersField.MOST:
        return [text] if text else []
    return [f"{fits[1]}{number:0{len(fits[2])}d}" for number in range(int(fits[2]), int(fits[3]) + 1)]


def numbers(given: Any) -> list[int]:
    """Ids from `1,2`, from ["1", "2,3"], or from rows."""
    found: list[int] = []
    for one in given if isinstance(given, list | tuple) else [given]:
        if isinstance(one, models.Model):
            found.append(one.pk)
        found += [int(part) for part in str(one or "").split(",") if part.isdecimal() and len(part) < 19]
    return list(dict.fromkeys(found))
