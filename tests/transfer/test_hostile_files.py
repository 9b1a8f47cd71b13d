"""Files that mean harm or are simply broken: a clear sentence, quickly, in bounded memory."""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from zongwu.kernel.transfer.grid import Grid
from zongwu.kernel.transfer.workbook import Unreadable, load

SAMPLE = Path(__file__).parent.parent / "samples" / "01_固定资产台账.xlsx"


def refused(path: Path) -> str:
    began = time.monotonic()
    with pytest.raises(Unreadable) as no:
        load(path)
    assert time.monotonic() - began < 30
    sentence = str(no.value)
    assert sentence.endswith("。")
    assert "Traceback" not in sentence
    return sentence


@pytest.mark.parametrize("cut", [100, 5000, 20000])
def test_a_damaged_workbook(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(SAMPLE.read_bytes()[:cut])
    assert "损坏" in refused(path)


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "空.xlsx"
    path.write_bytes(b"")
    assert "空" in refused(path)


def test_a_picture_called_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    assert "不是表格" in refused(path)


def test_a_zip_without_sheets(tmp_path: Path) -> None:
    path = tmp_path / "压缩包.xlsx"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("hello.txt", "hi")
    assert "工作表" in refused(path)


def repacked(path: Path, name: str, content: bytes, level: int = 9) -> None:
    """The sample with one part replaced."""
    with zipfile.ZipFile(SAMPLE) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == name else old.read(info.filename))


def test_a_small_file_that_unpacks_to_gigabytes(tmp_path: Path) -> None:
    path = tmp_path / "炸弹.xlsx"
    with zipfile.ZipFile(SAMPLE) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != "xl/worksheets/sheet1.xml":
                new.writestr(info.filename, old.read(info.filename))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            for _ in range(400):
                out.write(b" " * 1024 * 1024)
    assert path.stat().st_size < 1024 * 1024
    assert "解压" in refused(path) or "损坏" in refused(path)


def test_a_workbook_that_declares_entities(tmp_path: Path) -> None:
    path = tmp_path / "实体.xlsx"
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet>&a;</worksheet>'
    repacked(path, "xl/worksheets/sheet2.xml", bomb)
    assert "DTD" in refused(path)


def test_one_far_cell(tmp_path: Path) -> None:
    path = tmp_path / "远.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    page.write(0, 0, "资产名称")
    page.write(1048575, 16383, 1)
    book.close()
    assert "XFD1048576" in refused(path)


def test_too_many_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    row = b"<row>" + b"<c><v>1</v></c>" * 100 + b"</row>"
    path = tmp_path / "多.xlsx"
    repacked(path, "xl/worksheets/sheet1.xml", head + row * 50_100 + b"</sheetData></worksheet>", level=6)
    assert "万个单元格" in refused(path)


def test_a_protected_workbook(tmp_path: Path) -> None:
    path = tmp_path / "密.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096)
    assert refused(path)


def test_cells_that_look_like_formulas_are_texts(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for at, text in enumerate(["=1+1", "+86", "-5 度", "@某人"], 1):
        cell = book.active.cell(at, 1, text)
        cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "式.xlsx"
    path.write_bytes(out.getvalue())
    assert [row[0] for row in load(path)[0].rows] == ["=1+1", "+86", "-5 度", "@某人"]


def test_many_merged_columns_cost_no_memory(tmp_path: Path) -> None:
    """Eight thousand merges over a thousand rows are eight thousand spans, not eight million cells."""
    grid = Grid("表", [["a"] * 3] * 1000, merged=[(1, column, 999, column) for column in range(8000)])
    assert (grid.top_of(500, 7000), grid.top_of(0, 7000), grid.top_of(500, 9000)) == (1, 0, 500)
    assert len(grid._tall) == 8000


def _with_sheet(path: Path, change: Callable[[bytes], bytes], name: str = "xl/worksheets/sheet1.xml") -> Path:
    """A small workbook whose sheet is written otherwise."""
    source = path / "source.xlsx"
    with xlsxwriter.Workbook(str(source), {"constant_memory": True}) as book:
        page = book.add_worksheet("表")
        page.write_row(0, 0, ["资产编号", "资产名称"])
        page.write_row(1, 0, ["ZC-1", "空调"])
    target = path / "changed.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                new.writestr(name, change(content))
            elif name != "xl/worksheets/sheet1.xml" and member.filename.endswith((".rels", "[Content_Types].xml")):
                new.writestr(
                    member.filename, content.replace(b"worksheets/sheet1.xml", name.removeprefix("xl/").encode())
                )
            else:
                new.writestr(member.filename, content)
    return target


def test_a_row_without_end_is_looked_through_once(tmp_path: Path) -> None:
    blank = b" " * (60 << 20)
    path = _with_sheet(tmp_path, lambda xml: xml.replace(b"</row>", blank + b"</row>", 1))
    began = time.monotonic()
    load(path)
    assert time.monotonic() - began < 20  # it took minutes when every piece was looked through from the start


def test_what_no_hand_typed_is_left_out(tmp_path: Path) -> None:
    path = _with_sheet(tmp_path, lambda xml: xml.replace("空调".encode(), "空_x0000_调_x0001_".encode()))
    (grid,) = load(path)
    assert grid.rows[1][1] == "空调"


def test_a_sheet_under_another_name_is_looked_through_too(tmp_path: Path) -> None:
    hidden = lambda xml: xml.replace(b"<row ", b'<row hidden="1" ')  # noqa: E731
    (grid,) = load(_with_sheet(tmp_path, hidden, name="xl/worksheets/sheet1.dat"))
    assert grid.hidden_rows
    doctype = lambda xml: xml.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY e "e">]><worksheet', 1)  # noqa: E731
    with pytest.raises(Unreadable):
        load(_with_sheet(tmp_path, doctype, name="xl/worksheets/sheet1.dat"))


def test_another_encoding_is_said_not_read_as_nothing(tmp_path: Path) -> None:
    path = _with_sheet(tmp_path, lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    with pytest.raises(Unreadable, match="编码"):
        load(path)
