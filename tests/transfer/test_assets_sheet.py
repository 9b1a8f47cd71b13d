"""The asset ledger: the sample to the last row and fen, then other workbooks of the same dirt."""

import csv
import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transfer.answers import same
from tests.transfer.ledger_pages import HEAD, LEDGER_PAGE, TODAY, data, grid, line, one, reading_of
from zongwu.assets.sheets import LEDGER
from zongwu.kernel.transfer import cells
from zongwu.kernel.transfer.reading import IMPORTED, read
from zongwu.kernel.transfer.workbook import Unreadable, load

SAMPLE = Path(__file__).parent.parent / "samples" / "01_固定资产台账.xlsx"
ANSWER = json.loads(SAMPLE.with_name("01_固定资产台账.expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sample():
    return read(LEDGER, load(SAMPLE), today=TODAY).as_json()


@pytest.mark.seed("R1.09")
def test_every_row_of_the_sample_is_disposed_of_as_the_answer_says(sample):
    got = {(row["sheet"], row["row"]): row["disposition"] for row in sample["rows"]}
    want = {(page, row["row"]): row["disposition"] for page, rows in ANSWER["rows"].items() for row in rows}
    assert got == want


def test_every_record_of_the_sample_is_as_the_answer_says(sample):
    got = {(row["sheet"], row["row"]): row["record"] for row in sample["rows"]}
    wanted = [row for row in ANSWER["rows"][LEDGER_PAGE] if row["disposition"] in IMPORTED]
    assert len(wanted) == 285
    assert [row["row"] for row in wanted if not same(got[LEDGER_PAGE, row["row"]], row["record"])] == []


def test_a_category_is_suggested_for_those_names_only_that_the_answer_knows(sample):
    wanted = {row["row"]: row["record"].get("category") for row in ANSWER["rows"][LEDGER_PAGE] if row.get("record")}
    got = {
        row["row"]: row["record"].get("category") for row in sample["rows"] if row["row"] in wanted and row["record"]
    }
    assert got == wanted


def test_the_counts_and_control_figures_of_the_sample(sample):
    control, want = sample["control"], ANSWER["control"]
    assert sample["sheets"] == ANSWER["counts"]
    assert {key: control[key] for key in ("rows", "imported", "total", "stated_total", "groups")} == {
        key: want[key] for key in ("rows", "imported", "total", "stated_total", "groups")
    }
    explained = [
        {key: entry[key] for key in ("why", "amount", "rows") if key in entry} for entry in control["explained"]
    ]
    assert explained == [
        {key: entry[key] for key in ("why", "amount", "rows") if key in entry} for entry in want["explained"]
    ]
    assert control["facts"] == {"hidden_rows": 3, "hidden_columns": 1, "strikethrough_rows": 2}


def test_the_old_codes_of_the_sample_are_kept_and_not_converted(sample):
    record = next(row["record"] for row in sample["rows"] if row["row"] == 8 and row["sheet"] == LEDGER_PAGE)
    assert (record["category_2010"], record["category"]) == ("2010104", "A02010105")


def test_a_note_belongs_to_the_cell_that_it_is_about():
    reading = read(LEDGER, load(SAMPLE), today=TODAY)
    row = next(row for row in reading.rows if row.row == 17 and row.sheet == LEDGER_PAGE)
    assert {(note.key, note.severity, note.raw) for note in row.notes} == {
        ("date", "fixed", "2013年5月"), ("qty", "fixed", "1台"), ("qty", "warn", "1台")
    }  # fmt: skip


def test_the_sample_as_a_text_file_reads_the_same(tmp_path, sample):
    """All dirt is found again; what was text in the workbook only because it is text there is no dirt in a CSV."""
    page = openpyxl.load_workbook(SAMPLE)[LEDGER_PAGE]
    with (tmp_path / "台账.csv").open("w", encoding="gb18030", newline="") as out:
        for row in page.iter_rows(values_only=True):
            csv.writer(out).writerow(
                value.strftime("%Y/%m/%d")
                if isinstance(value, datetime)
                else ""
                if str(value).startswith("=")
                else value
                for value in row
            )
    text = read(LEDGER, load(tmp_path / "台账.csv"), today=TODAY).as_json()
    mild = {"clean": "tidy", "fixed": "tidy"}
    got = {row["row"]: mild.get(row["disposition"], row["disposition"]) for row in text["rows"]}
    want = {r["row"]: mild.get(r["disposition"], r["disposition"]) for r in sample["rows"] if r["sheet"] == LEDGER_PAGE}
    assert got == want
    assert text["control"]["total"] == "1694767.61"


# --- headers ---------------------------------------------------------------------------------------------------------


@given(st.permutations(range(len(HEAD))))
def test_columns_in_any_order(order):
    row = data(reading_of([HEAD[at] for at in order], [line()[at] for at in order]))[0]
    assert (row.disposition, row.record["no"], row.record["amount"]) == ("clean", "ZC-001", 200)


@pytest.mark.parametrize(
    "words",
    [
        [
            "序号",
            "编号",
            "名称",
            "规格",
            "单位",
            "数量",
            "单价（元）",
            "原值（元）",
            "购置日期",
            "部门",
            "地点",
            "状态",
            "备注",
        ],
        [
            "行号",
            "资产编码",
            "设备名称",
            "型号规格",
            "单位",
            "件数",
            "购置单价",
            "总价",
            "购入时间",
            "使用科室",
            "存放位置",
            "使用情况",
            "说明",
        ],
        [
            "序 号",
            "*资 产\n编 号",
            "资产名称（必填）",
            "规格\n型号",
            "计量\n单位",
            "数　量",
            "单价：",
            "金额(元)",
            "1.取得日期",
            "使用单位",
            "房间",
            "现状",
            "附注",
        ],
        [
            "编号",
            "卡片编号",
            "品名",
            "规格、型号",
            "量词",
            "实有数",
            "单价",
            "账面原值（元）",
            "入账日期",
            "管理部门",
            "放置地点",
            "资产状态",
            "备注",
        ],
    ],
)
def test_other_words_over_the_columns(words):
    row = data(reading_of(["某某小学台账"], [], words, line()))[0]
    assert row.disposition == "clean"
    assert (row.record["no"], row.record["name"], row.record["amount"], row.record["loc"]) == (
        "ZC-001",
        "交换机",
        200,
        "一楼",
    )


@pytest.mark.parametrize(
    "above", [[], [[]], [[], [], ["某校固定资产台账"]], [["某校"], ["单位：某校", None, "日期：2026年8月31日"], []]]
)
def test_whatever_stands_above_the_header(above):
    reading = reading_of(*above, HEAD, line())
    assert reading.counts["台账"] == {"skip": len(above) + 1, "clean": 1}


UPPER = [
    "序号",
    "资产基本信息",
    None,
    None,
    "计量单位",
    "数量",
    "价值信息",
    None,
    "购置",
    "使用部门",
    "存放地点",
    "使用状况",
    "备注",
]
LOWER = [None, "资产编号", "资产名称", "规格型号", None, None, "单价", "金额", "日期", None, None, None, None]
WIDE = [(0, 1, 0, 3), (0, 6, 0, 7), *((0, at, 1, at) for at in (0, 4, 5, 9, 10, 11, 12))]


@pytest.mark.parametrize("merged", [WIDE, []])
def test_a_header_of_two_levels_with_merged_cells_and_without(merged):
    reading = reading_of(UPPER, LOWER, line(), UPPER, LOWER, line(2), merged=merged)
    assert reading.counts["台账"] == {"skip": 4, "clean": 2}
    assert data(reading)[1].record["date"] == "2020-01-02"


def test_columns_that_a_sheet_does_not_have_are_left_out_of_the_record_but_null_in_the_json():
    reading = reading_of(["资产编号", "资产名称", "原值"], ["A1", "课桌", 300])
    row = data(reading)[0]
    assert row.disposition == "clean"
    assert "dept" not in row.record
    written = reading.as_json()["rows"][1]["record"]
    assert (written["dept"], written["qty"], written["price"], written["date_precision"]) == (
        None,
        "1",
        "300.00",
        "none",
    )


def test_columns_that_nobody_knows_are_told():
    assert reading_of([*HEAD, "净值", "累计折旧"], [*line(), 1, 2]).facts == {"columns_left_out": ["净值", "累计折旧"]}


def test_the_own_mapping_of_a_person_comes_first():
    head = ["货号", "序列", *HEAD[2:]]
    row = ["ZC-1", "S-9", *line()[2:]]
    assert data(read(LEDGER, [grid(head, row)], today=TODAY))[0].record["no"] is None
    mapped = read(LEDGER, [grid(head, row)], today=TODAY, mapping={"货号": "no", "序列": "serial", "规格型号": ""})
    record = data(mapped)[0].record
    assert (record["no"], record["serial"], record.get("spec")) == ("ZC-1", "S-9", None)


def test_the_own_words_of_a_school_come_before_ours():
    words = {"dept": {"后勤": "后勤", "语文组": "语文教研组"}}
    rows = read(LEDGER, [grid(HEAD, line(使用部门="后勤"), line(2, 使用部门="语文组"))], today=TODAY, words=words).rows
    assert [(row.disposition, row.record["dept"]) for row in rows[1:]] == [("clean", "后勤"), ("fixed", "语文教研组")]


def test_a_book_without_such_a_header_is_refused_with_what_was_looked_for():
    with pytest.raises(Unreadable, match=r"「资产名称」.*「菜单」、「Sheet2」"):
        read(LEDGER, [grid(["周一", "周二"], ["米饭", "面条"], name="菜单"), grid(name="Sheet2")], today=TODAY)


# --- rows that are no data -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["合计", "总计", "合　计", "总 计：", "共计", "合计金额", "总合计", "全校合计", "合计（元）"]
)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_totals_in_other_words_and_places(word, at):
    total = [None] * 7 + [200]
    total[at] = word
    reading = reading_of(HEAD, line(), total, ["制表人：", "周××", None, "审核：", "李××"], ["注：以上为账面数"])
    assert reading.counts["台账"] == {"skip": 4, "clean": 1}
    assert (reading.control()["stated_total"], reading.control()["explained"]) == ("200.00", [])


@pytest.mark.parametrize(
    "text", ["合计：1 件，￥200.00", "总计 200.00 元", "合计：200", "合计（大写）：贰佰元整 ￥200.00"]
)
def test_a_total_within_a_sentence(text):
    assert reading_of(HEAD, line(), [text]).control()["stated_total"] == "200.00"


@pytest.mark.parametrize(
    "word", ["小计", "小　计", "本页小计", "本页合计", "计算机设备小计", "设备类合计", "一、设备小计"]
)
@pytest.mark.parametrize("heading", ["一、设备", "（一）设备", "设备", "1、设备", "第一类 设备", "【设备】"])
def test_groups_and_subtotals_in_other_words(word, heading):
    reading = reading_of(HEAD, [heading], line(), [None, word, *[None] * 5, 250], ["合计", *[None] * 6, 250])
    control = reading.control()
    assert control["groups"] == [{"label": cells.tidy(heading), "computed": "200.00", "stated": "250.00"}]
    assert control["explained"] == [{"why": "subtotal", "amount": "50.00", "groups": [cells.tidy(heading)]}]


def test_a_heading_may_carry_its_own_sum():
    total = [*[None] * 6, 200]
    reading = reading_of(HEAD, ["一、设备", *total], line(), ["二、家具", *total], line(2), ["合计", *[None] * 6, 400])
    assert [group["stated"] for group in reading.control()["groups"]] == ["200.00", "200.00"]


def test_each_block_with_its_own_total():
    reading = reading_of(HEAD, line(), ["合计", *[None] * 6, 200], [], HEAD, line(2), ["合计", *[None] * 6, 200])
    assert (reading.control()["stated_total"], reading.control()["explained"]) == ("400.00", [])


def test_pages_with_carried_sums():
    reading = reading_of(
        ["某校台账"], HEAD, line(), ["过次页", *[None] * 6, 200], ["某校台账（第2页）"], HEAD, ["承前页", *[None] * 6, 200],
        line(2), ["总计", *[None] * 6, 400],
    )  # fmt: skip
    assert reading.counts["台账"] == {"skip": 7, "clean": 2}
    assert reading.control()["explained"] == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([], "空白分隔行"),
        ([" ", "\n"], "空白分隔行"),
        ([7], "没有内容的行"),
        ([7, None, None, None, None, None, None, 0], "没有内容的行"),
        (["示例", "ZC-2020-0001", "课桌", None, "张", 1, 100, 100], "示例行"),
        (["说明：带 * 者为捐赠；2019 年以前的卡片由旧账转入。"], "附注行"),
        (["制表人：周××", None, "复核人：", None, "分管校长：", None, "日期：2026.8.31"], "落款行"),
    ],
)
def test_other_rows_that_are_no_data(row, reason):
    reading = reading_of(HEAD, line(), row, line(2))
    assert [r.reasons for r in reading.rows if r.disposition == "skip"][1:] == [[reason]]
    assert len(data(reading)) == 2


def test_a_line_that_numbers_the_columns():
    assert reading_of(HEAD, ["甲", "乙", "丙", "丁", *range(1, 10)], line()).counts["台账"] == {"skip": 2, "clean": 1}


def test_a_row_with_a_name_alone_is_not_passed_over():
    assert one(资产编号=None, 规格型号=None, 计量单位=None, 数量=None, 单价=None, 金额=None).disposition == "reject"


def test_what_cannot_be_explained_is_said():
    reading = reading_of(HEAD, line(), ["合计", *[None] * 6, 260])
    assert reading.control()["explained"] == [{"why": "unexplained", "amount": "60.00"}]
