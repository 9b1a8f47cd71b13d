"""Files that mean harm or are simply broken: a clear sentence, quickly, in bounded memory."""

import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

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
