"""The real mess, row by row: every disposition, every value, every control total of the sample ledger."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import json
import pytest

from zongwu.assets.sheets import LEDGER
from zongwu.kernel.transfer.reading import Reading, read
from zongwu.kernel.transfer.workbook import load

SAMPLES = Path(__file__).parent.parent / "samples"
SAMPLE = SAMPLES / "01_固定资产台账.xlsx"
EXPECTED = json.loads((SAMPLES / "01_固定资产台账.expected.json").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(LEDGER, load(SAMPLE), today=TODAY)


def same(got: object, want: object) -> bool:
    if want is None or isinstance(want, bool):
        return got is want or (want is None and got in ("", None))
    if isinstance(want, list):
        return got == want
    try:
        return Decimal(str(got)) == Decimal(str(want))
    except ArithmeticError:
        return str(got) == str(want)


@pytest.mark.seed("R1.09")
def test_every_row_comes_out_as_the_answer_says(reading: Reading) -> None:
    rows = {(row["sheet"], row["row"]): row for row in reading.as_json()["rows"]}
    wrong = []
    for sheet, lines in EXPECTED["rows"].items():
        for line in lines:
            got = rows[(sheet, line["row"])]
            if got["disposition"] != line["disposition"]:
                wrong.append((line["row"], got["disposition"], line["disposition"], got["reasons"]))
            record = line.get("record") or {}
            if line["disposition"] in ("clean", "fixed", "warn"):
                wrong += [(line["row"], key, got["record"].get(key), value) for key, value in record.items() if not same(got["record"].get(key), value)]
    assert wrong == []


def test_the_counts_per_sheet(reading: Reading) -> None:
    assert reading.counts == EXPECTED["counts"]


def test_the_totals_reconcile_to_the_fen(reading: Reading) -> None:
    control, want = reading.control(), EXPECTED["control"]
    assert {k: control[k] for k in ("rows", "imported", "total", "stated_total", "groups")} == {
        k: want[k] for k in ("rows", "imported", "total", "stated_total", "groups")
    }
    explained = [{k: v for k, v in e.items() if k in ("why", "amount", "rows")} for e in control["explained"]]
    assert explained == [{k: v for k, v in e.items() if k in ("why", "amount", "rows")} for e in want["explained"]]
    assert control["facts"]["hidden_rows"] == 3
    stated, total = Decimal(control["stated_total"]), Decimal(control["total"])
    assert stated - sum(Decimal(e["amount"]) for e in explained) == total


def test_what_cannot_be_explained_is_said(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    page = book.active
    for row in (["编号", "名称", "数量", "单价", "金额", "取得日期"], ["A1", "桌子", 2, 100, 200, "2020-01-02"], ["合计", None, None, None, 260, None]):
        page.append(row)
    book.save(tmp_path / "x.xlsx")
    control = read(LEDGER, load(tmp_path / "x.xlsx"), today=TODAY).control()
    assert control["explained"] == [{"why": "unexplained", "amount": "60.00"}]
