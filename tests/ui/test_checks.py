"""A wrong description is found at start-up. Each check is shown to fail on a planted fault."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django import forms

from zongwu.assets import actions
from zongwu.assets.models import Asset
from zongwu.assets.screens import ASSETS
from zongwu.ui import checks, history
from zongwu.ui.screens import SCREENS, Column, Facts, Money, Screens, View


def found(body, **changes) -> list[str]:
    return list(body(replace(ASSETS, **changes)))


def test_every_registered_screen_is_sound():
    assert checks.screens_are_sound(None) == []
    assert checks.icons_exist(None) == []


@pytest.mark.parametrize("key", sorted(SCREENS))
def test_every_column_has_a_chinese_label(key):
    assert not list(checks.columns(SCREENS[key]))


class Short(forms.Form):
    reason = forms.CharField()


class Long(forms.Form):
    place = forms.CharField()
    on = forms.CharField()
    colour = forms.CharField()


@pytest.mark.parametrize(
    ("body", "changes", "sentence"),
    [
        (checks.columns, {"columns": [Column("number", link=True), Column("nonsense")]}, "has no nonsense"),
        (checks.columns, {"columns": [Column("number", link=True), Column("name", label="x")]}, "no Chinese label"),
        (checks.columns, {"columns": [Column("number")]}, "exactly one column"),
        (checks.columns, {"columns": [Column("number", link=True, sub="gone")]}, "has no gone"),
        (checks.columns, {"detail": [Facts("x", ["nonsense"])]}, "has no nonsense"),
        (checks.sorting, {"columns": [Column("number", link=True, sort="net")]}, "not stored"),
        (checks.sorting, {"columns": [Column("number", link=True, sort="warranty_until")]}, "may be NULL"),
        (checks.sorting, {"columns": [Column("number", link=True, sort="brand")]}, "has no index"),
        (checks.sorting, {"default_order": "brand"}, "not a sortable column"),
        (checks.totals, {"columns": [Money("net", total=True)]}, "not stored"),
        (checks.filters, {"views": [View("坏", "colour=red")]}, "unknown filters ['colour']"),
        (checks.phone, {"columns": [Column("number", link=True)]}, "0 columns"),
        (checks.forms, {"forms": {actions.move_asset: Short}}, "does not ask for ['on', 'place']"),
        (checks.forms, {"forms": {actions.move_asset: Long}}, "does not take ['colour']"),
        (checks.forms, {"forms": {len: Short}}, "not a registered action"),
        (checks.permissions, {"read": "assets.read_dreams"}, "offered to no role"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(body, changes, sentence):
    assert any(sentence in finding for finding in found(body, **changes))


def test_a_missing_icon_is_found(monkeypatch):
    monkeypatch.setitem(history.SAYINGS, "x.y", history.Saying("x.y", "某事", icon="unicorn"))
    assert [message.id for message in checks.icons_exist(None)] == ["zongwu.S00"]


def test_a_screen_is_described_once():
    from zongwu.ui import screens

    twin = Screens(
        model=Asset, area="assets", name="cards", title="x", icon="x", read="x", columns=[], default_order="x"
    )
    with pytest.raises(AssertionError, match="described twice"):
        screens.register(twin)
