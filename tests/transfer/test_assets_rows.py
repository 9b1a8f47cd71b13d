"""The asset ledger: what one row comes to, several sheets, and what is written and read again."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transfer.ledger_pages import COLUMN, HEAD, TODAY, data, grid, line, one, reading_of
from zongwu.assets import catalogue
from zongwu.assets.sheets import LEDGER
from zongwu.kernel.transfer import cells
from zongwu.kernel.transfer.layout import Sheet, SheetColumn
from zongwu.kernel.transfer.reading import read


@given(
    st.lists(
        st.tuples(st.integers(0, 10**7), st.sampled_from(["fine", "again", "about", "nameless"])),
        min_size=1,
        max_size=25,
    ),
    st.integers(-(10**6), 10**6),
)
def test_stated_less_explained_is_always_what_is_imported(rows, mistake):
    lines, written = [], Decimal(0)
    for number, (fen, how) in enumerate(rows, 1):
        amount = Decimal(fen) / 100
        made = line(number, 单价=None, 金额=f"约{amount}" if how == "about" else str(amount))
        made[COLUMN["资产名称"]] = None if how == "nameless" else "交换机"
        lines += [made, made] if how == "again" else [made]
        written += amount * (2 if how == "again" else 1)
    control = reading_of(HEAD, *lines, ["合计", *[None] * 6, str(written + Decimal(mistake) / 100)]).control()
    explained = sum(Decimal(entry["amount"]) for entry in control["explained"])
    assert Decimal(control["stated_total"]) - explained == Decimal(control["total"])


# --- several sheets --------------------------------------------------------------------------------------------------


def test_several_sheets_with_a_summary_and_a_dictionary():
    reading = read(
        LEDGER,
        [
            grid(["填表说明"], ["一、如实填写"], name="说明"),
            grid(HEAD, line(), ["合计", *[None] * 6, 200], name="教学楼"),
            grid(HEAD, line(2), line(1), ["合计", *[None] * 6, 400], name="行政楼"),
            grid(["资产名称", "数量", "金额"], ["交换机", 4, 400], name="汇总"),
            grid(["名称", "数量", "金额"], ["交换机", 4, 400], name="Sheet5"),
            grid(["使用状况", "取得方式"], ["在用", "新购"], name="字典"),
            grid(name="Sheet6"),
        ],
        today=TODAY,
    )
    assert reading.counts == {
        "说明": {"skip": 2}, "教学楼": {"skip": 2, "clean": 1}, "行政楼": {"skip": 2, "clean": 1, "dup": 1}, "汇总": {"skip": 2},
        "Sheet5": {"skip": 2}, "字典": {"skip": 2}, "Sheet6": {},
    }  # fmt: skip
    control = reading.control()
    assert (control["total"], control["stated_total"]) == ("400.00", "600.00")
    assert control["explained"] == [{"why": "dup", "amount": "200.00", "rows": [3], "sheet": "行政楼"}]


def test_a_ledger_may_be_called_summary_when_nothing_else_is_there():
    assert reading_of(HEAD, line(), name="2026年资产汇总").imported == 1


def test_a_sheet_without_a_total_beside_one_that_has_it():
    pages = [grid(HEAD, line(), ["合计", *[None] * 6, 200], name="甲"), grid(HEAD, line(2), name="乙")]
    control = read(LEDGER, pages, today=TODAY).control()
    assert control["explained"] == [{"why": "unstated", "amount": "-200.00", "sheet": "乙"}]


# --- one cell decides ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "disposition", "record"),
    [
        ({}, "clean", {"qty": 2, "price": 100, "amount": 200, "state": "在用"}),
        ({"资产名称": None}, "reject", {}),
        ({"资产名称": "无"}, "reject", {}),
        ({"资产编号": None}, "warn", {"no": None, "no_assigned": True}),
        ({"资产编号": "ｚｃ－９"}, "fixed", {"no": "ZC-9"}),
        ({"资产编号": 220020150304001.0}, "fixed", {"no": "220020150304001"}),
        ({"资产编号": "ZC-0001～0002"}, "warn", {"no": "ZC-0001~0002"}),
        ({"资产编号": "ZC-0001至0002"}, "warn", {"no": "ZC-0001~0002"}),
        ({"数量": "2台"}, "fixed", {"qty": 2, "unit": "台"}),
        ({"数量": "2台", "计量单位": None}, "fixed", {"qty": 2, "unit": "台"}),
        ({"数量": "2套"}, "warn", {"unit": None, "unit_candidates": ["套", "台"]}),
        ({"数量": "一批", "单价": 200}, "warn", {"qty": 1, "unit": "批"}),
        ({"数量": None}, "warn", {"qty": 2}),
        ({"数量": None, "单价": None}, "reject", {}),
        ({"数量": None, "单价": 150}, "reject", {}),
        ({"数量": "若干"}, "reject", {}),
        ({"单价": None}, "fixed", {"price": 100}),
        ({"单价": "—"}, "fixed", {"price": 100}),
        ({"单价": "面议"}, "warn", {"price": 100, "amount": 200}),
        ({"单价": 0.125, "数量": 100, "金额": 12.5}, "clean", {"price": Decimal("0.125"), "amount": Decimal("12.5")}),
        ({"单价": 33.33, "数量": 3, "金额": 100}, "clean", {"amount": 100}),
        ({"金额": 201}, "warn", {"amount": 201, "price": 100}),
        ({"金额": None}, "fixed", {"amount": 200}),
        ({"金额": None, "单价": None}, "reject", {}),
        ({"金额": "约200"}, "reject", {}),
        ({"金额": 0, "单价": 0}, "warn", {"amount": 0}),
        ({"取得日期": None}, "warn", {"date": None, "date_precision": "none"}),
        ({"取得日期": "2015年"}, "warn", {"date": "2015", "date_precision": "year"}),
        ({"使用部门": "后勤"}, "fixed", {"dept": "总务处"}),
        ({"使用部门": "三（2）班"}, "clean", {"dept": "三（2）班"}),
        ({"使用部门": None}, "clean", {"dept": None}),
        ({"使用状况": "√"}, "fixed", {"state": "在用"}),
        ({"使用状况": "已坏"}, "fixed", {"state": "在用", "condition": "损坏"}),
        ({"使用状况": "在用（损坏）"}, "fixed", {"state": "在用", "condition": "损坏"}),
        ({"使用状况": "待报废"}, "fixed", {"state": "待处置"}),
        ({"使用状况": None}, "warn", {"state": None}),
        ({"使用状况": "送人了"}, "warn", {"state": None}),
        ({"资产名称": "激光打印机"}, "clean", {}),
    ],
)
def test_one_cell_decides_the_row(changed, disposition, record):
    row = one(**changed)
    assert row.disposition == disposition, row.reasons
    assert {key: row.record.get(key) for key in record} == record


def test_error_cells_and_formulas_without_a_result():
    reading = reading_of(
        HEAD, line(金额=None), line(2, 金额=None), line(3, 存放地点=None), line(4, 金额=None, 单价=None),
        errors={(1, 7): "#REF!", (3, 10): "#N/A", (4, 7): "#VALUE!"}, uncached=frozenset({(2, 7)}),
    )  # fmt: skip
    assert [row.disposition for row in data(reading)] == ["warn", "fixed", "warn", "reject"]
    assert [row.record["amount"] for row in data(reading)][:2] == [200, 200]


def test_ditto_takes_the_row_before_with_its_doubts():
    rows = data(
        reading_of(
            HEAD,
            line(使用部门="后勤", 取得日期="2015年"),
            ["一、组"],
            line(2, 资产名称="〃", 使用部门="同上", 取得日期="〃"),
            line(3, 使用部门="〃"),
        )
    )
    assert [row.record["dept"] for row in rows] == ["总务处"] * 3
    assert (rows[1].record["name"], rows[1].record["date"], rows[1].record["date_precision"]) == (
        "交换机",
        "2015",
        "year",
    )
    assert [row.disposition for row in rows] == ["warn", "warn", "fixed"]


def test_ditto_with_nothing_above_is_told():
    assert one(使用部门="同上").disposition == "warn"
    assert one(资产名称="〃").disposition == "reject"


def test_merged_cells_speak_for_the_rows_below_but_not_for_amounts():
    reading = reading_of(
        HEAD, line(), line(2, 使用部门=None, 存放地点=None), line(3, 使用部门=None, 金额=None),
        merged=[(1, 9, 3, 9), (1, 10, 2, 10), (2, 7, 3, 7)],
    )  # fmt: skip
    rows = data(reading)
    assert [row.record["dept"] for row in rows] == ["总务处"] * 3
    assert rows[1].record["loc"] == "一楼"
    assert rows[2].record["amount"] == 200
    assert [row.disposition for row in rows] == ["clean", "fixed", "fixed"]


def test_the_second_of_two_rows_with_one_number():
    rows = data(
        reading_of(HEAD, line(), line(), line(资产编号="zc-001", 金额=300, 单价=150), line(2, 资产名称=None), line(2))
    )
    assert [row.disposition for row in rows] == ["clean", "dup", "reject", "reject", "clean"]


def test_the_future_begins_after_the_day_on_which_the_sheet_was_filled_in():
    late = line(取得日期=datetime(2026, 9, 15))
    assert data(reading_of(HEAD, late))[0].disposition == "clean"
    for told in ("填表日期：2026.8.31", "某校台账（截至2026年8月31日）", "单位：某校   填报时间：2026-08-31"):
        assert data(reading_of([told], HEAD, late))[0].disposition == "reject"
    assert data(reading_of(HEAD, late, ["制表人：李", None, "日期：2026.8.31"]))[0].disposition == "reject"


def test_a_column_in_ten_thousands_is_converted():
    head = [f"{word}（万元）" if word in ("单价", "金额") else word for word in HEAD]
    row = data(reading_of(head, line(单价=0.6, 金额=1.2)))[0]
    assert (row.disposition, row.record["price"], row.record["amount"]) == ("fixed", 6000, 12000)


# --- an export of our own, and a trivial kind ------------------------------------------------------------------------


def test_what_the_sheet_writes_it_reads_unchanged():
    record = data(reading_of(HEAD, line(使用状况="坏", 取得日期="2015年9月")))[0].record
    columns = [column for column in LEDGER.columns if record.get(column.key) is not None]
    again = data(reading_of([c.header for c in columns], [str(record[c.key]) for c in columns], typed=False))[0]
    assert {c.key: again.record[c.key] for c in columns} == {c.key: record[c.key] for c in columns}


def test_a_simple_kind_is_declared_in_a_few_lines():
    def finish(draft):
        if not draft.record.get("name"):
            draft.note("name", "reject", "姓名为空")

    staff = Sheet(
        "staff", "教职工名单", key="no", name="name", identity=("no", "name"), finish=finish,
        columns=[
            SheetColumn("no", "工号", ("编号",), cells.code, ditto=False),
            SheetColumn("name", "姓名", required=True),
            SheetColumn("dept", "部门", ("处室",)),
        ],
    )  # fmt: skip
    reading = read(
        staff,
        [grid(["教职工名单"], ["姓名", "处室", "编号"], ["张 三", "总务处", "001"], [None, "同上", "002"])],
        today=TODAY,
    )
    assert [row.disposition for row in reading.rows] == ["skip", "skip", "fixed", "reject"]
    assert reading.rows[2].record == {"name": "张三", "dept": "总务处", "no": "001"}
    assert reading.control() == {"rows": 2, "imported": 1, "facts": {}}


# --- the catalogue ---------------------------------------------------------------------------------------------------


def test_only_a_whole_name_without_doubt_suggests_a_category():
    assert catalogue.category_of_name("台式计算机") == "A02010105"
    assert catalogue.category_of_name("笔记本电脑") == "A02010108"
    for name in ("激光打印机", "教学一体机", "学生课桌椅", "讲台", "消毒柜", "灭火器", "其他", ""):
        assert catalogue.category_of_name(name) is None


def test_an_everyday_word_finds_its_class():
    assert [entry.code for entry in catalogue.search("空调")] == ["A02061804"]
    assert [entry.name for entry in catalogue.search("强光手电")] == ["警械设备"]
    assert "A02021003" in {entry.code for entry in catalogue.search("打印机")} | {
        e.code for e in catalogue.search("黑白打印机")
    }
    assert catalogue.search("") == []


def test_what_the_records_have_no_room_for_is_refused_in_the_preview():
    row = one(规格型号="很长" * 61)
    assert row.disposition == "reject"
    assert "规格型号超过 120 个字，请缩短" in row.reasons
