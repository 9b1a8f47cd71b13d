import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zongwu.ui.charts import Bar, columns
from zongwu.ui.documents import (
    Document,
    Heading,
    Paragraph,
    Picture,
    Run,
    Table,
    chinese_date,
    chinese_number,
    numbered,
    shares,
    to_docx,
    to_text,
)  # fmt: skip

NASTY = "总务<b>&amp;\"'\x00\x0b\x1f\ufffe\ud800]]>\r\t处"
CLEAN = "总务<b>&amp;\"'"
DAY = date(2027, 1, 5)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def document(
    *blocks, title="城南实验小学\n总务工作总结", signer="城南实验小学总务处", school="城南实验小学"
) -> Document:
    return Document(title, blocks, school=school, signer=signer, signed_on=DAY)


def words(*texts: str) -> Paragraph:
    return Paragraph([Run(text) for text in texts])


LIST = Table(
    ["编号", "名称", "原值（元）"], [[f"ZC-{n:04}", "触控一体机", "18,600.00"] for n in range(3)], "清单",
    align=["left", "left", "right"], total=["合计", "", "55,800.00"],
)  # fmt: skip
CHART = Picture(columns([Bar("9月", 148), Bar("10月", 121)], title="受理", greyscale=True), "各月受理")
WHOLE = document(
    words("现总结如下。"),
    Heading(1, "校产管理"),
    Heading(2, "账物相符"),
    Paragraph([Run("学期末在册"), Run("1523", figure=True), Run("件。")]),
    LIST,
    Heading(3, "调剂"),
    Heading(4, "先校内"),
    CHART,
    Heading(1, "今后打算"),
    words("按月对账。"),
)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def opened(whole: Document):
    """The file as python-docx, an independent reader, understands it."""
    import docx

    return docx.Document(io.BytesIO(to_docx(whole)))


def test_equal_documents_are_equal_bytes_and_carry_no_time_of_their_own():
    content = to_docx(WHOLE)
    assert content == to_docx(document(*WHOLE.blocks))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not any(b"rsid" in part for name, part in parts(content).items() if name.endswith(".xml"))


def test_the_properties_name_the_school_and_the_day():
    properties = opened(WHOLE).core_properties
    assert properties.author == properties.last_modified_by == "城南实验小学"
    assert properties.created == properties.modified
    assert properties.created.date() == DAY
    assert properties.title == "城南实验小学总务工作总结"


def test_the_sheet_is_that_of_the_standard():
    section = opened(WHOLE).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [margin.mm for margin in margins] == pytest.approx([37, 35, 28, 26], abs=0.05)
    grid = section._sectPr.find(f"{W}docGrid")
    pitch = int(grid.get(f"{W}linePitch"))
    text = section.page_height - section.top_margin - section.bottom_margin
    assert grid.get(f"{W}type") == "lines"
    assert text // (pitch * 635) == 22


def test_28_characters_fill_a_line():
    whole = opened(WHOLE)
    body = whole.styles["Normal"]
    closer = int(body.element.rPr.find(f"{W}spacing").get(f"{W}val"))
    section = whole.sections[0]
    text = section.page_width - section.left_margin - section.right_margin
    assert text // ((body.font.size.pt * 20 + closer) * 635) == 28
    assert body.paragraph_format.line_spacing.pt == pytest.approx(28.95)


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [("公文正文", "仿宋", 16), ("Title", "方正小标宋简体", 22), ("Heading 1", "黑体", 16), ("Heading 2", "楷体", 16),
     ("Heading 3", "仿宋", 16), ("Heading 4", "仿宋", 16), ("公文表头", "黑体", 12), ("公文表格五号", "仿宋", 10.5),
     ("公文页码（单）", "宋体", 14), ("公文页码（双）", "宋体", 14)],
)  # fmt: skip
def test_each_style_has_the_font_of_the_standard(style, font, points):
    found = opened(WHOLE).styles[style]
    look = found.element.rPr
    fonts = look.find(f"{W}rFonts")
    assert fonts.get(f"{W}eastAsia") == font
    assert fonts.get(f"{W}ascii") == ("宋体" if "页码" in style else "Times New Roman")
    assert int(look.find(f"{W}sz").get(f"{W}val")) == points * 2
    assert (look.find(f"{W}b") is not None) == (style == "Heading 3")


@pytest.mark.parametrize("style", ["公文正文", "Heading 1", "Heading 2", "Heading 3", "Heading 4"])
def test_text_begins_two_characters_in(style):
    edge = opened(WHOLE).styles[style].element.pPr.find(f"{W}ind")
    assert edge.get(f"{W}firstLineChars") == "200"


def test_page_numbers_stand_outside():
    content = parts(to_docx(WHOLE))
    assert b"<w:evenAndOddHeaders>" in content["word/settings.xml"]
    section = opened(WHOLE).sections[0]
    for footer, style in ((section.footer, "公文页码（单）"), (section.even_page_footer, "公文页码（双）")):
        number = footer.paragraphs[0]
        assert number.style.name == style
        assert "".join(text.text for text in number._p.iter(f"{W}t")) == "— 1 —"
        assert number._p.find(f"{W}fldSimple").get(f"{W}instr").strip() == "PAGE"


def test_headings_are_numbered_by_level_and_position():
    levels = [1, 2, 3, 4, 4, 3, 2, 3, 1, 3, 2, 1]
    found = [number for number, _ in numbered([Heading(level, "") for level in levels])]
    assert found == [
        "一、", "（一）", "1.", "（1）", "（2）", "2.", "（二）", "1.", "二、", "1.", "（一）", "三、",
    ]  # fmt: skip


def test_small_headings_may_be_many():
    *_, (number, _) = numbered([Heading(3, "")] * 120)
    assert number == "120."


def test_tables_and_pictures_are_counted_apart():
    found = [number for number, _ in numbered([LIST, CHART, words("甲"), LIST])]
    assert found == ["表1　", "图1　", "", "表2　"]


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四"), (99, "九十九")]
)
def test_chinese_number(number, said):
    assert chinese_number(number) == said


def test_dates_have_no_leading_zeros():
    assert chinese_date(DAY) == "2027年1月5日"


def test_the_table_repeats_its_header_and_splits_no_row():
    table = opened(WHOLE).tables[0]
    assert [row._tr.trPr.find(f"{W}tblHeader") is not None for row in table.rows] == [True, False, False, False, False]
    assert all(row._tr.trPr.find(f"{W}cantSplit") is not None for row in table.rows)
    assert [cell.paragraphs[0].alignment for cell in table.rows[1].cells] == [0, 0, 2]
    assert [cell.text for cell in table.rows[4].cells] == ["合计", "", "55,800.00"]
    assert table.rows[4].cells[0].paragraphs[0].style.name == "公文合计"


def test_a_wide_table_is_set_smaller_and_keeps_to_the_text():
    wide = Table(["规格"] * 6, [["86英寸4K红外触控，含壁挂支架"] * 6], "规格")
    table = opened(document(wide)).tables[0]
    assert table.rows[1].cells[0].paragraphs[0].style.name == "公文表格五号"
    assert sum(column.width.mm for column in table.columns) == pytest.approx(156, abs=0.1)


@given(st.lists(st.floats(1.5, 80), min_size=1, max_size=12), st.floats(20, 45))
def test_columns_share_the_width_and_only_the_widest_give_way(needs, room):
    given = shares(needs, room)
    assert sum(given) == pytest.approx(1)
    ordered = sorted(zip(needs, given, strict=True))
    assert [share for _, share in ordered] == sorted(given)


@pytest.mark.parametrize("row", [["甲"], ["甲", "乙", "丙"]])
def test_a_ragged_table_is_an_error(row):
    with pytest.raises(ValueError, match="as many cells"):
        Table(["甲", "乙"], [row], "表")


def test_the_picture_is_as_wide_as_it_may_be_and_says_what_it_shows():
    shape = opened(WHOLE).inline_shapes[0]
    assert shape.width.mm == pytest.approx(138, abs=0.1)
    assert shape._inline.docPr.get("descr") == "各月受理"
    assert [name for name in parts(to_docx(WHOLE)) if "media" in name] == ["word/media/picture1.png"]


def test_a_tall_picture_is_made_narrower():
    tall = Picture('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 40"><path d="M0 0h9v40z"/></svg>', "高")
    shape = opened(document(tall)).inline_shapes[0]
    assert (shape.width.mm, shape.height.mm) == pytest.approx((37.5, 150), abs=0.3)


def test_another_kind_of_picture_is_an_error():
    with pytest.raises(ValueError, match="PNG"):
        to_docx(document(Picture(b"GIF89a", "图")))


def test_computed_words_carry_a_style_of_their_own():
    runs = [run for paragraph in opened(WHOLE).paragraphs for run in paragraph.runs if run.style.name == "公文数字"]
    assert [run.text for run in runs] == ["1523"]


def test_the_date_ends_four_characters_in_and_stays_with_the_text():
    *_, last, signer, day = opened(WHOLE).paragraphs
    assert (signer.text, day.text) == ("城南实验小学总务处", "2027年1月5日")
    assert day.style.element.pPr.find(f"{W}ind").get(f"{W}rightChars") == "400"
    assert signer._p.pPr.find(f"{W}ind").get(f"{W}rightChars") == "250"
    assert last.paragraph_format.keep_with_next and signer.style.paragraph_format.keep_with_next


def test_whatever_people_type_stays_text():
    table = Table([NASTY], [[NASTY]], NASTY, total=[NASTY])
    whole = opened(
        document(
            Heading(1, NASTY), words(NASTY), table, Picture(CHART.image, NASTY), title=NASTY, signer=NASTY, school=NASTY
        )
    )
    assert [p.text for p in whole.paragraphs if CLEAN in p.text][1].startswith(f"一、{CLEAN}")
    assert len([p for p in whole.paragraphs if CLEAN in p.text]) == 6
    assert whole.tables[0].rows[1].cells[0].text.startswith(CLEAN)
    assert whole.core_properties.author.startswith(CLEAN)
    assert whole.inline_shapes[0]._inline.docPr.get("descr").startswith(CLEAN)


@given(st.text())
def test_any_text_makes_a_file_that_opens(text):
    assert len(opened(document(words(text, text), title=text, signer=text)).paragraphs) == 4


def test_an_empty_document_opens():
    assert [p.text for p in opened(document(Table(["甲"], [], "空"))).paragraphs[1:2]] == ["表1　空"]
    assert len(opened(document()).paragraphs) == 3


def test_the_text_has_one_block_a_line():
    assert to_text(WHOLE).split("\n") == [
        "城南实验小学总务工作总结",
        "现总结如下。",
        "一、校产管理",
        "（一）账物相符",
        "学期末在册1523件。",
        "表1　清单：编号、名称、原值（元）；ZC-0000、触控一体机、18,600.00；ZC-0001、触控一体机、18,600.00；"
        "ZC-0002、触控一体机、18,600.00；合计、、55,800.00",
        "1.调剂",
        "（1）先校内",
        "图1　各月受理",
        "二、今后打算",
        "按月对账。",
        "城南实验小学总务处",
        "2027年1月5日",
    ]
