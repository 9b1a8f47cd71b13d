"""The one way through the house in a real browser: a ledger goes in, a summary comes out, each figure opens its rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import DESK, PHONE, overflows, violations
from zongwu.summary.actions import begin_summary

pytestmark = pytest.mark.browser
SAMPLE = Path(__file__).parent.parent / "samples" / "01_固定资产台账.xlsx"


@pytest.mark.seed("R1.09")
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_ledger_is_looked_at_written_and_taken_back(opened, world, size):
    page = opened("head", "/cnsx/import/assets/", size=size)
    page.set_input_files("input[type=file]", SAMPLE)
    page.click("text=上传并预览")
    page.wait_for_selector("text=合计核对")
    assert not overflows(page)
    assert violations(page) == []
    page.click("button:has-text('写入 285 行')")
    page.wait_for_selector("text=已写入 285 行")
    page.check("text=把这次写入的 285 行整批撤回")
    page.click("button:has-text('整批撤销')")
    page.wait_for_selector("text=已撤销")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_summary_opens_its_rows_and_takes_a_sentence(opened, world, size):
    summary = begin_summary(world.ctx("head"), term=world.term)
    page = opened("head", f"/cnsx/summary/reports/{summary.pk}/", size=size)
    assert not overflows(page)
    assert violations(page) == []
    page.click("a.fig:has-text('15,220.00')")
    page.wait_for_selector("text=ZC-2026-0001 投影仪")
    page.click("section:has-text('校产管理') >> text=改这一节")
    page.wait_for_selector("textarea")
    text = page.input_value("textarea")
    assert "〔固定资产卡片〕" in text
    page.fill("textarea", f"经过清点，{text}")
    page.click("text=存这一节")
    page.wait_for_selector("text=经过清点，")
    assert violations(page) == []
