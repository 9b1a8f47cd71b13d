import io
import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zongwu.ui import pdf
from zongwu.ui.charts import Bar, Point, bars, columns, cut, line, short, svg_to_png

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = [Bar("9月", 148), Bar("10月", 121), Bar("11月", 178), Bar("12月", 112, rest=1), Bar("1月", 38, rest=7)]
CURVE = [
    Point(f"{2021 + (7 + n) // 12}-{(7 + n) % 12 + 1:02}", Decimal(18600) - Decimal("258.33") * n) for n in range(73)
]
ODD = [Bar("", 0), Bar("<b>&\"'\x00\ud800", Decimal("-5.5"), "负 <5>"), Bar("字" * 90, 10**12, rest=10**13)]


def drawings(greyscale: bool) -> list[str]:
    return [
        bars(MONTHS, title="受理", greyscale=greyscale),
        columns(MONTHS, title="受理", greyscale=greyscale),
        line(CURVE, solid=64, mark="现在 2,066.88", title="净值", greyscale=greyscale),
        bars(ODD, title="<&>", greyscale=greyscale),
        columns(ODD, title="<&>", greyscale=greyscale),
        line([Point("<&>", 0)], solid=9, mark="<&>", title="<&>", greyscale=greyscale),
    ]


@pytest.mark.parametrize("greyscale", [False, True])
def test_every_drawing_is_well_formed_and_passes_a_strict_csp(greyscale):
    for drawing in drawings(greyscale):
        root = ET.fromstring(drawing)
        assert root.get("role") == "img"
        assert root.find(f"{SVG}title").text
        for element in root.iter():
            assert element.tag.removeprefix(SVG) in {"svg", "title", "text", "rect", "path", "circle"}
            assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


def test_a_page_is_coloured_by_classes_and_paper_by_greys():
    for drawing in drawings(greyscale=False):
        assert "fill=" not in drawing and 'class="plot"' in drawing
    for drawing in drawings(greyscale=True):
        assert "class=" not in drawing
        assert all(c[:2] == c[2:4] == c[4:] for c in re.findall(r'"#(\w{6})"', drawing))


def test_nothing_is_drawn_without_data():
    assert bars([], title="无") == columns([], title="无") == line([], solid=0, mark="", title="无") == ""


def test_the_longest_bar_is_the_largest_value_and_all_are_in_proportion():
    root = ET.fromstring(columns(MONTHS, title="受理"))
    solid = [float(r.get("height")) for r in root.iter(f"{SVG}rect") if r.get("class") == "b1"]
    light = [float(r.get("height")) for r in root.iter(f"{SVG}rect") if r.get("class") == "b0"]
    assert max(solid) == 100
    assert solid[1] == pytest.approx(100 * 121 / 178, abs=0.1)
    assert light == pytest.approx([100 / 178, 700 / 178], abs=0.1)


def test_the_title_says_every_value():
    assert "受理：9月 148，10月 121，11月 178，12月 112，1月 38" in bars(MONTHS, title="受理")


def test_the_curve_is_solid_to_now_and_dashed_from_there():
    root = ET.fromstring(line(CURVE, solid=64, mark="现在 2,066.88", title="净值"))
    paths = {path.get("class"): path.get("d") for path in root.iter(f"{SVG}path")}
    assert paths["l1"].count("L") == 64 and paths["l2"].count("L") == 8
    now = root.find(f"{SVG}circle")
    assert paths["l2"].startswith(f"M{now.get('cx')} {now.get('cy')}L")
    labels = [text.text for text in root.iter(f"{SVG}text")]
    assert labels == ["1.86万", "0", "2021-08", "2023", "2024", "2025", "2026", "2027-08", "现在 2,066.88"]


@given(st.integers(0, 72), st.sampled_from(["现在 0.00", "现在 18,600.00", "今天的净值是 18,600.00 元"]))
def test_the_words_at_the_dot_stay_inside_and_above_the_curve(solid, mark):
    root = ET.fromstring(line(CURVE, solid=solid, mark=mark, title="净值"))
    words = next(text for text in root.iter(f"{SVG}text") if text.text == mark)
    now = root.find(f"{SVG}circle")
    assert 0 <= float(words.get("x")) <= 400
    assert 8 <= float(words.get("y")) <= float(now.get("cy")) - 6


def test_columns_too_narrow_for_their_texts_write_them_short():
    crowd = [Bar(f"{month}月", Decimal("8200000.50"), "8,200,000.50元") for month in range(1, 13)]
    assert "820万" in columns(crowd, title="支出") and ">8,200,000.50元<" not in columns(crowd, title="支出")


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (980, "980"), (18600, "1.86万"), (Decimal("0.5"), "0.5"), (100000, "10万"), (-20000, "-2万"),
     (Decimal("320000000.00"), "3.2亿")],
)  # fmt: skip
def test_short(value, said):
    assert short(value) == said


@given(st.text(), st.integers(2, 40))
def test_cut_words_fit(words, room):
    from zongwu.ui.charts import breadth

    assert breadth(cut(words, room, 1), 1) <= room


def test_a_drawing_becomes_the_same_grey_picture_every_time():
    from PIL import Image

    drawing = columns(MONTHS, title="受理", greyscale=True)
    png = svg_to_png(drawing, width_mm=138, dpi=150)
    assert png == svg_to_png(drawing, width_mm=138, dpi=150)
    picture = Image.open(io.BytesIO(png))
    assert picture.mode == "L"
    assert picture.width == pytest.approx(138 / 25.4 * 150, abs=1)
    assert picture.getextrema() == (0, 255)


def test_the_best_chinese_family_is_taken_from_what_is_there():
    windows = ["Arial", "SimSun", "SimHei", "Microsoft YaHei", "FangSong"]
    assert pdf.best(windows, "sans") == "Microsoft YaHei"
    assert pdf.best(windows, "serif") == "FangSong"
    assert pdf.best(["DejaVu Sans", "WenQuanYi Micro Hei"], "serif") == "WenQuanYi Micro Hei"
    assert pdf.best(["DejaVu Sans", "HYShuSongErKW 书宋"], "sans") == "HYShuSongErKW 书宋"


def test_without_a_chinese_font_a_sentence_says_what_to_install():
    with pytest.raises(pdf.NoCjkFont, match=r"没有中文字体.*fonts-noto-cjk"):
        pdf.best(["Arial", "DejaVu Sans", "Liberation Serif", "Libertinus Serif", "New Computer Modern"], "sans")
