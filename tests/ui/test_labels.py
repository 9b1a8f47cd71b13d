import io
import re
import shutil
import subprocess

import pytest

from zongwu.kernel.errors import Refused
from zongwu.ui import pdf
from zongwu.ui.labels import STOCKS, Label, label_sheet, qr_svg

CODE = "4K7M9PQR"


def label(nth: int = 1, **other: str) -> Label:
    code = f"{CODE[:-2]}{nth:02}"
    fields = {
        "url": f"https://zw.example.edu.cn/p/{code}", "school": "城南实验小学", "number": f"ZC-2021-{nth:04}",
        "name": "触控一体机", "place": "教学楼A 302", "code": code,
    }  # fmt: skip
    return Label(**fields | other)


HARD = [
    label(1, name="字" * 500, place="字" * 500, school="字" * 90, number="9" * 90),
    label(2, name="A" * 300, place="#set page(width: 1mm); $x$ *粗* `c` \\ @ref <b> \x00\x0b"),
    label(3, name="", place="", number=""),
    label(
        4, url="https://zongwu.cheng-nan-shi-yan-xiao-xue.a-very-long-district.example.edu.cn:8443/school/p/4K7M9P04"
    ),
]


def tool(name: str, *arguments: str, given: bytes) -> bytes:
    """What a Poppler tool makes of a PDF."""
    if shutil.which(name) is None:
        pytest.skip(f"{name} (poppler-utils) is not installed")
    return subprocess.run([name, *arguments], input=given, capture_output=True, check=True).stdout


def pages(content: bytes, dpi: int) -> list:
    """The pages as grey pictures."""
    from PIL import Image

    count = int(re.search(rb"Pages:\s+(\d+)", tool("pdfinfo", "-", given=content))[1])
    return [
        Image.open(
            io.BytesIO(tool("pdftoppm", "-r", str(dpi), "-gray", "-f", str(n), "-singlefile", "-", given=content))
        )
        for n in range(1, count + 1)
    ]


def scanned(content: bytes, dpi: int = 150) -> list[str]:
    import zxingcpp

    return [found.text for page in pages(content, dpi) for found in zxingcpp.read_barcodes(page)]


@pytest.mark.parametrize("key", STOCKS)
def test_every_label_can_be_scanned(key):
    stock = STOCKS[key]
    labels = [*HARD, *(label(nth) for nth in range(5, 25))]
    assert len(labels) == 24
    assert sorted(scanned(label_sheet(labels, stock))) == sorted(each.url for each in labels)


@pytest.mark.parametrize("key", STOCKS)
def test_nothing_leaves_its_label(key):
    """Ink stays inside the padding of every label, half a millimetre allowed for the edges of letters."""
    stock = STOCKS[key]
    sheet = pages(label_sheet((HARD * 6)[: stock.per_sheet], stock), 150)[0].point(lambda grey: 255 - grey)
    per_mm = 150 / 25.4
    for row in range(stock.rows):
        for column in range(stock.columns):
            left = stock.origin[0] + column * (stock.width + stock.gap)
            top = stock.origin[1] + row * stock.height
            inside = (
                left + stock.padding[0] - 0.5, top + stock.padding[1] - 0.5,
                left + stock.width - stock.padding[0] + 0.5, top + stock.height - stock.padding[1] + 0.5,
            )  # fmt: skip
            sheet.paste(0, tuple(round(edge * per_mm) for edge in inside))
    assert sheet.getbbox() is None


@pytest.mark.parametrize("key", STOCKS)
def test_the_sheet_holds_its_labels_and_the_code_is_large_enough(key):
    stock = STOCKS[key]
    width, height = stock.sheet or (stock.width, stock.height)
    assert stock.origin[0] + stock.columns * stock.width + (stock.columns - 1) * stock.gap <= width
    assert stock.origin[1] + stock.rows * stock.height <= height
    assert stock.qr >= 20
    page = re.search(rb"Page size:\s+([\d.]+) x ([\d.]+)", tool("pdfinfo", "-", given=label_sheet([label()], stock)))
    assert [float(side) / 72 * 25.4 for side in page.groups()] == pytest.approx([width, height], abs=0.1)


def test_a_half_used_sheet_begins_where_it_is_white():
    stock = STOCKS["a4-24"]
    sheets = pages(label_sheet([label(nth) for nth in range(1, 20)], stock, first=11), 100)
    assert len(sheets) == 2
    ink = sheets[0].point(lambda grey: 255 - grey).getbbox()
    assert ink[1] > (3 * stock.height + stock.padding[1]) / 25.4 * 100 - 2
    assert len(scanned(label_sheet([label(nth) for nth in range(1, 15)], stock, first=11))) == 14


@pytest.mark.parametrize("first", [0, 25, -1])
def test_a_place_that_the_sheet_does_not_have_is_refused(first):
    with pytest.raises(Refused, match="24 格"):
        label_sheet([label()], STOCKS["a4-24"], first=first)


def test_without_a_chinese_font_nothing_is_printed(monkeypatch):
    class Bare:
        def families(self) -> list[str]:
            return ["DejaVu Sans", "Libertinus Serif"]

    monkeypatch.setattr(pdf, "_fonts", Bare)
    with pytest.raises(pdf.NoCjkFont, match="没有中文字体"):
        label_sheet([label()], STOCKS["60x40"])


def test_no_labels_are_refused():
    with pytest.raises(Refused, match="没有要打的标签"):
        label_sheet([], STOCKS["a4-24"])


def test_the_words_are_text_and_never_markup():
    words = tool("pdftotext", "-", "-", given=label_sheet([HARD[1], label(9)], STOCKS["a4-24"])).decode()
    assert "#set page(width: 1mm); $x$\n" in words and "*粗* `c` \\ @…" in words
    assert {"城南实验小学", "ZC-2021-0009", "触控一体机", "教学楼A 302", "4K7M9P09"} <= {
        each.replace("教学楼 A", "教学楼A") for each in words.split("\n")
    }


def test_equal_labels_are_equal_bytes():
    assert label_sheet(HARD, STOCKS["60x40"]) == label_sheet(list(HARD), STOCKS["60x40"])


def test_the_code_is_a_full_qr_of_level_q_unless_the_address_is_long():
    import segno

    assert segno.make_qr("https://zw.example.edu.cn/p/4K7M9PQR", error="q").error in "QH"

    def modules(drawing: str) -> int:
        return int(re.search(r'viewBox="0 0 (\d+) ', drawing)[1])

    assert 21 <= modules(qr_svg("http://a/p/4K7M9PQR")) < modules(qr_svg(HARD[3].url)) <= 41
