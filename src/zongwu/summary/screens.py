"""The list of summaries, described; the page of one is its own (`views.py`)."""

from __future__ import annotations

from zongwu.summary import actions, forms
from zongwu.summary.models import Summary
from zongwu.ui import navigation, screens
from zongwu.ui.history import say
from zongwu.ui.navigation import Entry
from zongwu.ui.screens import Column, History, Screens

REPORTS = Screens(
    model=Summary, area="summary", name="reports", title="学期总结", icon="report", read="summary.read_summary", unit="份",
    blank="学期总结由记录写成：每个数字都能点开看依据。平时的事记在这里，期末就不用回忆。",
    columns=[
        Column("title", link=True, phone="title"), Column("term", phone="line"), Column("begun_on", sort=True, phone="line"),
        Column("state", badge={"draft": "info", "signed": "ok"}, phone="badge"), Column("signed_on"),
    ],
    default_order="-begun_on", detail=[History()],
    forms={actions.begin_summary: forms.BeginForm, actions.add_section: forms.AddSectionForm},
)  # fmt: skip
screens.register(REPORTS)
navigation.register(Entry("summary", "计划总结", "calendar-stats", "summary:reports", "summary.read_summary", order=70))

say("summary.begun", "起草", icon="file-text", tone="info")
say("summary.section_written", "改一节", icon="edit")
say("summary.section_added", "加一节", icon="plus")
say("summary.section_moved", "挪一节", icon="arrow-up")
say("summary.section_removed", "删一节", icon="x")
say("summary.signed", "定稿", icon="lock", tone="ok", text="{figures} 个数字连同依据一起冻结")
