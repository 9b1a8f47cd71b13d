"""The journal in words: one query per kind, codes as labels, fen as yuan, nothing that breaks on a strange entry."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.world import TODAY
from zongwu.assets.actions import change_state, move_asset, revalue_asset
from zongwu.kernel import journal
from zongwu.kernel.scope import active
from zongwu.ui.history import SAYINGS, say, tell, tell_entries


def life(world, asset):
    with active(world.school):
        return tell(world.system(), list(journal.history("asset", asset.pk)))


def test_codes_become_labels_and_fen_become_yuan(world):
    change_state(world.ctx("storekeeper"), world.projector, state="idle", condition="good", on=TODAY, reason="换新")
    told = life(world, world.projector)[0]
    assert (told.label, told.actor) == ("改状况", "孙丽华")
    assert [(c.label, c.old, c.new) for c in told.changes] == [("使用状况", "在用", "闲置")]
    assert told.details == [("原因", "换新")]
    registered = life(world, world.projector)[-1]
    assert registered.text == "原值 5,260.00 元，取得日期 2026-09-10"
    revalue_asset(world.ctx("head"), world.projector, value=6000, on=TODAY, reason="审计")
    assert [(c.label, c.old, c.new) for c in life(world, world.projector)[0].changes] == [
        ("原值", "5,260.00 元", "6,000.00 元")
    ]


def test_names_are_fetched_once_per_kind(world):
    keeper = world.ctx("storekeeper")
    for room in (world.room_102, world.store, world.room_101):
        move_asset(keeper, world.projector, place=room, on=TODAY)
    with active(world.school):
        entries = list(journal.history("asset", world.projector.pk))
        with CaptureQueriesContext(connection) as queries:
            tell(world.system(), entries)
    assert len(entries) == 4
    assert len(queries) <= 4


def test_an_entry_whose_object_is_gone_is_still_told(world):
    with active(world.school):
        entries = list(journal.JournalEntry.objects.order_by("-id")[:20])
        told = tell_entries(world.system(), entries)
    assert len(told) == len(entries)
    assert all(one.label for one in told)


def test_an_unknown_verb_is_told_by_its_name(world, monkeypatch):
    monkeypatch.delitem(SAYINGS, "asset.registered")
    assert life(world, world.projector)[-1].label == "asset.registered"


def test_a_verb_is_told_in_one_way():
    with pytest.raises(AssertionError, match="two ways"):
        say("asset.moved", "搬")


def test_every_verb_that_was_journalled_is_told(world):
    with active(world.school):
        verbs = set(journal.JournalEntry.objects.values_list("verb", flat=True))
    assert verbs <= set(SAYINGS)
