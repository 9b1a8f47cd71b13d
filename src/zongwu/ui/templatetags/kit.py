"""What templates use: icons, chips, amounts, fields, query strings. Built in, so no template loads it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, HiddenInput, RadioSelect
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zongwu.kernel.amounts import plain_quantity
from zongwu.ui import forms
from zongwu.ui.case_forms import Signing
from zongwu.ui.cells import ICONS

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite, beside a word; assistive technology hears the word only."""
    look, sprite = f"i {size}".strip(), static("ui/icons.svg")
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>', look, sprite, name)


@register.simple_tag
@lru_cache(maxsize=1024)
def badge(text: str, tone: str = "neutral") -> SafeString:
    """A state: icon and word, so that it reads without colour."""
    if not text:
        return SafeString("")
    return format_html('<span class="state {}">{}{}</span>', tone, icon(ICONS.get(tone, "circle-dashed")), text)


@register.filter
def money(amount: Decimal | int | None) -> str:
    """Grouped, two decimals; a dash for none."""
    return "—" if amount is None else f"{amount:,.2f}"


@register.filter
def plain(quantity: Decimal) -> str:
    """A quantity without superfluous zeros."""
    return plain_quantity(quantity)


@register.filter
def grouped(number: Decimal | int | None) -> str:
    return "—" if number is None else f"{number:,}"


@register.filter
def size(octets: int) -> str:
    """Bytes as people say them."""
    return f"{octets / 1048576:.1f} MB" if octets >= 1048576 else f"{max(octets // 1024, 1)} KB"


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One form field: label, control, hint, what is wrong with it."""
    forms.prepare(bound)
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=forms.attributes(bound)),
        "hidden": isinstance(bound.field.widget, HiddenInput),
        "ticked": isinstance(bound.field.widget, CheckboxInput),
        "unit": bound.field.widget.attrs.get("data-unit", ""),
        "picks": forms.picks(bound),
        "areas": forms.areas(bound),
        "phrases": getattr(bound.field.widget, "phrases", ()),
        "signing": isinstance(bound.field.widget, Signing),
        "radios": type(bound.field.widget) is RadioSelect,
    }


@register.simple_tag(takes_context=True)
def qs(context: dict[str, Any], **changes: Any) -> str:
    """The present query string with some parameters changed; an empty value takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.filter
def get(mapping: Any, key: str) -> Any:
    """A value by a key that is only known in the template."""
    return mapping.get(key, "") if mapping else ""


@register.simple_tag(takes_context=True)
def drawn(context: template.Context, name: str, given: Mapping[str, Any]) -> SafeString:
    """A domain's own template with its own variables, beside those of the page."""
    with context.push(**given):
        return SafeString(get_template(name).template.render(context))  # type: ignore[attr-defined]


@register.filter
def yuan(text: str | Decimal) -> str:
    """An amount that was kept as text, grouped."""
    return f"{Decimal(str(text)):,.2f}"


@register.filter
def split(words: str) -> list[str]:
    """`a b c` as a list, for small fixed rows of words."""
    return words.split()


@register.filter
def decimal(text: str) -> str:
    """A number that was kept as text, grouped, with the decimals it has."""
    return f"{Decimal(text):,f}"
