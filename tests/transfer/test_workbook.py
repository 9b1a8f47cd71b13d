"""Opening files: what the child process tells of a good one, and that every bad one becomes a sentence, quickly."""

import csv
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime
from datetime import time as clock
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from zongwu.kernel.transfer import workbook
from zongwu.kernel.transfer.workbook import Unreadable, load

SAMPLE = Path(__file__).parent.parent / "samples" / "01_固定资产台账.xlsx"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(path: Path, seconds: float = 20) -> str:
    """The sentence, which must come soon and say what to do."""
    began = time.monotonic()
    with pytest.raises(Unreadable) as no:
        load(path)
    assert time.monotonic() - began < seconds
    assert str(no.value).endswith("。")
    assert "请" in str(no.value)
    return str(no.value)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def repacked(path: Path, part: str, content: bytes) -> Path:
    """The sample with one part replaced or added."""
    with zipfile.ZipFile(SAMPLE) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != part:
                new.writestr(info.filename, old.read(info.filename))
        new.writestr(part, content)
    return path


# --- what is told of a good file -------------------------------------------------------------------------------------


def test_what_the_values_alone_do_not_tell():
    notes, ledger, empty = load(SAMPLE)
    assert (notes.name, ledger.name, empty.name) == ("填表说明", "固定资产台账", "Sheet3")
    assert not empty.rows
    assert ledger.errors == {(130, 8): "#REF!", (268, 12): "#N/A"}
    assert len(ledger.uncached) == 10
    assert ledger.hidden_rows == {117, 120, 177}
    assert ledger.hidden_columns == {3}
    assert ledger.struck_rows == {287, 313}
    assert ledger.top_of(30, 11) == 25
    assert ledger.rows[7][9] == date(2016, 8, 27)
    assert ledger.rows[52][1] == Decimal(220020150304001)


def test_numbers_keep_the_digits_that_the_file_has(tmp_path):
    book = openpyxl.Workbook()
    book.active.append([0.1, 4927.99, 220020150304001, 1e-7, True, datetime(2020, 1, 2, 8, 30), clock(8, 30), "=1+1"])
    book.save(tmp_path / "数.xlsx")
    (grid,) = load(tmp_path / "数.xlsx")
    assert grid.rows[0] == [
        Decimal("0.1"), Decimal("4927.99"), Decimal(220020150304001), Decimal("1e-07"), "是", date(2020, 1, 2), "08:30:00",
    ]  # fmt: skip
    assert grid.uncached == {(0, 7)}


def test_the_content_decides_and_not_the_name(tmp_path):
    assert len(load(written(tmp_path / "台账.xls", SAMPLE.read_bytes()))) == 3


def test_the_name_that_the_person_knows_is_told(tmp_path):
    with pytest.raises(Unreadable, match=r"我的台账\.xlsx"):
        load(written(tmp_path / "upload", b""), "我的台账.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files(tmp_path, encoding, delimiter):
    with (tmp_path / "台账.csv").open("w", encoding=encoding, newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows([["编号", "名称", "备注"], ["001", "课桌", "两\n行"]])
    (grid,) = load(tmp_path / "台账.csv")
    assert (grid.name, grid.typed, grid.rows) == ("台账", False, [["编号", "名称", "备注"], ["001", "课桌", "两\n行"]])


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="台账">{}</table:table></office:spreadsheet></office:body></office:document-content>"""

MANIFEST = """<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>"""


def open_document(path: Path, rows: str) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        out.writestr("META-INF/manifest.xml", MANIFEST)
        out.writestr("content.xml", ODS.format(rows))
    return path


def test_an_open_document(tmp_path):
    cell = '<table:table-cell office:value-type="string"><text:p>课桌</text:p></table:table-cell>'
    (grid,) = load(open_document(tmp_path / "台账.ods", f"<table:table-row>{cell}</table:table-row>"))
    assert (grid.name, list(grid.rows[0])) == ("台账", ["课桌"])


# --- bad files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("空.xlsx", b"", "空的"),
        ("照片.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100, "图片"),
        ("通知.pdf", b"%PDF-1.7 ...", "PDF"),
        ("网页.xls", b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("乱.xlsx", b"garbage" * 100, "损坏"),
        ("半个.xlsx", b"PK\x03\x04" + b"\0" * 50, "损坏"),
        ("切断.xlsx", SAMPLE.read_bytes()[:20000], "损坏"),
        ("密.xlsx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("信.doc", OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "Word"),
        ("坏.xls", OLE + b"\0" * 5000, "损坏"),
        ("程序.exe", b"MZ\0\0", "不是表格"),
        ("二进制.csv", bytes(range(256)) * 4, "编码"),
    ],
)
def test_a_file_that_is_none(tmp_path, name, content, says):
    assert says in refusal(written(tmp_path / name, content))


@pytest.mark.parametrize(
    ("part", "says"), [("xl/workbook.bin", "xlsb"), ("word/document.xml", "Word"), ("readme.txt", "没有工作表")]
)
def test_another_kind_of_archive(tmp_path, part, says):
    with zipfile.ZipFile(tmp_path / "别的.xlsx", "w") as out:
        out.writestr(part, b"<a/>")
    assert says in refusal(tmp_path / "别的.xlsx")


def test_no_file(tmp_path):
    assert "找不到" in refusal(tmp_path / "没有.xlsx")


# --- files that mean harm --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["xl/media/image1.bin", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_small_file_that_unpacks_to_far_more(tmp_path, part):
    path = repacked(tmp_path / "炸弹.xlsx", part, b" " * (320 << 20))
    assert path.stat().st_size < 1 << 20
    assert "解压" in refusal(path)


def test_a_header_that_lies_about_its_size(tmp_path):
    path = repacked(tmp_path / "谎.xlsx", "xl/media/x.bin", b" " * (320 << 20))
    raw = path.read_bytes()
    path.write_bytes(raw.replace((320 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little")))
    assert refusal(path)


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "docProps/core.xml"]
)
def test_entities_are_refused_wherever_they_stand(tmp_path, part):
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]><x>&a9;</x>'
    assert "请" in refusal(repacked(tmp_path / "实体.xlsx", part, bomb.encode()))


@pytest.mark.parametrize(("row", "column"), [(1048575, 16383), (1048575, 30), (900, 16383)])
def test_one_far_cell(tmp_path, row, column):
    book = xlsxwriter.Workbook(str(tmp_path / "远.xlsx"))
    page = book.add_worksheet()
    page.write(0, 0, "资产名称")
    page.write(row, column, 1)
    book.close()
    assert "Ctrl+End" in refusal(tmp_path / "远.xlsx")


def test_a_far_cell_in_a_part_with_an_unusual_name(tmp_path):
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    path = repacked(tmp_path / "远.xlsx", "xl/other/far.xml", far)
    relations = (
        zipfile.ZipFile(SAMPLE).read("xl/_rels/workbook.xml.rels").replace(b"worksheets/sheet3.xml", b"other/far.xml")
    )
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "远2.xlsx", "w") as new:
        for info in old.infolist():
            new.writestr(
                info.filename, relations if info.filename.endswith("workbook.xml.rels") else old.read(info.filename)
            )
    assert "XFD1048576" in refusal(tmp_path / "远2.xlsx")


def test_repeated_rows_of_an_open_document(tmp_path):
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16000"/>'
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    assert "请" in refusal(open_document(tmp_path / "远.ods", row))


def test_too_many_cells(tmp_path):
    row = b"<row>" + b"<c><v>1</v></c>" * 1000 + b"</row>"
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
    assert "万个单元格" in refusal(repacked(tmp_path / "多.xlsx", "xl/worksheets/sheet1.xml", sheet % (row * 5001)))


def test_one_long_text_in_very_many_cells(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "长.xlsx"))
    page = book.add_worksheet()
    for row in range(4000):
        page.write_string(row, 0, "长" * 32000)
    book.close()
    assert (tmp_path / "长.xlsx").stat().st_size < 1 << 20
    assert "文字太多" in refusal(tmp_path / "长.xlsx")


# --- the child -------------------------------------------------------------------------------------------------------


def test_a_child_that_dies_becomes_a_sentence(monkeypatch):
    monkeypatch.setattr(workbook.sys, "executable", "/bin/false")
    assert "内存不够" in refusal(SAMPLE)


def test_a_child_that_hangs_becomes_a_sentence(monkeypatch):
    monkeypatch.setattr(workbook, "SECONDS", 0.01)
    assert "还没有读完" in refusal(SAMPLE)


def test_the_child_needs_no_django_and_sees_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "x")
    assert "SECRET_KEY" not in workbook._environment()
    code = "import sys, zongwu.kernel.transfer.opening, zongwu.kernel.transfer.reading, zongwu.assets.sheets; print('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=workbook._environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_rows_without_a_sheet_are_a_reader_that_died(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that ends after some rows, but before it said whose they were, has not read the file."""
    script = tmp_path / "child.py"
    script.write_text("print('[1, 2]')")
    monkeypatch.setattr(workbook, "COMMAND", [str(script)])
    with pytest.raises(Unreadable, match="什么也没有写入"):
        load(tmp_path / "x.xlsx")
    script.write_text("print('[1, 2')")  # half a line
    with pytest.raises(Unreadable, match="什么也没有写入"):
        load(tmp_path / "x.xlsx")
