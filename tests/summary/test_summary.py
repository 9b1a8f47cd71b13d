"""The summary: written from the records, live while a draft, frozen when signed."""

import io
import json
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from tests.world import PASSWORD, TODAY, World
from zongwu.assets.actions import register_asset
from zongwu.kernel import doctor, scope
from zongwu.kernel.errors import Conflict, Forbidden, Refused
from zongwu.kernel.journal import JournalEntry
from zongwu.summary import prose, queries, words
from zongwu.summary.actions import (
    add_section,
    begin_summary,
    move_section,
    remove_section,
    say_statement,
    sign_summary,
    write_section,
)
from zongwu.summary.document import to_docx
from zongwu.summary.models import Summary
from zongwu.summary.queries import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def summary(world: World) -> Summary:
    return begin_summary(world.ctx("head"), term=world.term)


def text(world: World, summary: Summary) -> str:
    with scope.active(world.school):
        reading = read(Summary.objects.select_related("term", "school").get(pk=summary.pk))
        return "\n".join(
            "".join(reading.text_of(p.text) if p.is_figure else p.text for p in prose.pieces(s.body))
            for s in reading.sections
        )


def section(world: World, summary: Summary, area: str = "assets") -> tuple[int, int, str]:
    with scope.active(world.school):
        row = summary.sections.get(area=area)
        return row.pk, row.version, row.body


def another(world: World) -> None:
    register_asset(
        world.ctx("storekeeper"), name="投影仪", category="A02020200", quantity=Decimal(7), unit_price=Decimal("5000"), unit="台",
        acquired_on=date(2026, 10, 1),
    )  # fmt: skip


@pytest.mark.seed("R1.10", "R3.01")
def test_it_says_what_the_records_say(world: World, summary: Summary) -> None:
    said = text(world, summary)
    assert "期末在册固定资产2张卡片、3件，原值15,220.00元。" in said
    assert "本学期新增1张卡片、1件，原值5,260.00元。其中投影仪1台。" in said
    assert "笔记本电脑" not in said, "nothing of the kind was bought this term, so nothing is said"
    assert "1个总库房" not in said, "a head storeroom without branches is not worth the sentence"


def test_a_draft_follows_the_records(world: World, summary: Summary) -> None:
    another(world)
    assert "其中投影仪8台。" in text(world, summary)


def test_a_signed_one_stays_as_it_was(world: World, summary: Summary) -> None:
    before = text(world, summary)
    signed = sign_summary(world.ctx("head"), summary)
    with scope.active(world.school):
        first = to_docx(Summary.objects.select_related("term", "school", "signed_by").get(pk=signed.pk))
    another(world)
    assert text(world, summary) == before
    with scope.active(world.school):
        assert to_docx(Summary.objects.select_related("term", "school", "signed_by").get(pk=signed.pk)) == first
        frozen = signed.figures.get(key="assets.added_projectors")
        assert (frozen.text, [row[0] for row in frozen.rows]) == ("1", [f"asset:{world.projector.pk}"])
    with pytest.raises(Refused):
        sign_summary(world.ctx("head"), summary)
    with pytest.raises(Refused):
        pk, version, _ = section(world, summary)
        write_section(world.ctx("head"), summary, section=pk, version=version, heading="改", body="改")
    assert list(doctor.examine(world.school)) == []


def test_prose_around_live_figures(world: World, summary: Summary) -> None:
    pk, version, body = section(world, summary)
    edited = words.from_words(words.to_words(body).replace("期末在册固定资产", "经过逐间清点，期末在册固定资产"))
    write_section(world.ctx("head"), summary, section=pk, version=version, heading="家底清楚", body=edited)
    assert "经过逐间清点，期末在册固定资产2张卡片" in text(world, summary)
    assert words.from_words(words.to_words(body)) == body


def test_two_writers_do_not_overwrite_each_other(world: World, summary: Summary) -> None:
    pk, version, body = section(world, summary)
    write_section(world.ctx("head"), summary, section=pk, version=version, heading="甲", body=body)
    with pytest.raises(Conflict):
        write_section(world.ctx("head"), summary, section=pk, version=version, heading="乙", body=body)


def test_a_figure_that_nobody_has_is_refused(world: World, summary: Summary) -> None:
    pk, version, _ = section(world, summary)
    with pytest.raises(Refused, match="assets"):
        write_section(world.ctx("head"), summary, section=pk, version=version, heading="", body="有{assets.nothing}张")


def test_one_summary_a_term_and_only_by_those_who_may(world: World, summary: Summary) -> None:
    with pytest.raises(Refused, match="已经有总结"):
        begin_summary(world.ctx("head"), term=world.term)
    with pytest.raises(Forbidden):
        sign_summary(world.ctx("storekeeper"), summary)


def test_the_word_file_is_whole_and_escapes_what_people_type(world: World, summary: Summary) -> None:
    add_section(world.ctx("head"), summary, heading="附带 <b>&\x0b")
    with scope.active(world.school):
        content = to_docx(Summary.objects.select_related("term", "school", "signed_by").get(pk=summary.pk))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("word/document.xml").decode()
    assert "&lt;b&gt;&amp;" in xml
    assert "15,220.00" in xml
    assert TODAY.strftime("%Y年") in xml


def test_a_signed_text_that_was_changed_is_found(world: World, summary: Summary) -> None:
    sign_summary(world.ctx("head"), summary)
    with scope.active(world.school):
        summary.sections.filter(area="assets").update(body="一切都好。")
    assert [finding.check for finding in doctor.examine(world.school)] == ["summary.signed"]


def test_sections_are_moved_removed_and_said_by_one_press(world: World, summary: Summary) -> None:
    ctx = world.ctx("head")
    with scope.active(world.school):
        rows = list(summary.sections.order_by("position"))
        register_asset(
            ctx, name="闲置的柜子", category="A05010301", quantity=Decimal(1), unit_price=Decimal("900.00"), unit="个",
            acquired_on=date(2026, 9, 2), place=world.room_101, department=world.office,
        )  # fmt: skip
    move_section(ctx, summary, section=rows[1].pk, up=True)
    with scope.active(world.school):
        chapter, under = next(row for row in rows if row.heading == "主要工作"), [row for row in rows if row.level == 2]
        moved = [row.pk for row in summary.sections.order_by("position")]
        assert moved[: 1 + len(under)] == [chapter.pk, *[row.pk for row in under]]
    with pytest.raises(Refused, match="下面还有"):
        remove_section(ctx, summary, section=chapter.pk, version=1)
    with pytest.raises(Refused):
        move_section(ctx, summary, section=rows[1].pk, up=True)
    with pytest.raises(Conflict):
        remove_section(ctx, summary, section=rows[0].pk, version=9)
    with scope.active(world.school):
        unsaid = dict(queries.unsaid(summary, queries.read(summary)))
    for key in unsaid:
        say_statement(ctx, summary, statement=key)
    with scope.active(world.school):
        assert not queries.unsaid(summary, queries.read(summary))
        part = summary.sections.filter(area="assets").last()
    before = part.body
    remove_section(ctx, summary, section=part.pk, version=part.version)
    with scope.active(world.school):
        assert not summary.sections.filter(pk=part.pk).exists()
        unsaid = dict(queries.unsaid(summary, queries.read(summary)))
    first, second, *_ = [key for key in unsaid if key.startswith("assets.")]
    say_statement(ctx, summary, statement=first)
    with scope.active(world.school):
        again = summary.sections.get(area="assets")
        order = list(summary.sections.order_by("position").values_list("heading", flat=True))
        assert (again.heading, again.level, again.version) == ("校产管理，家底清楚", 2, 2)
        assert [one for one in order[order.index(again.heading) + 1 :] if one != "存在的问题"] == []
        kept = JournalEntry.objects.get(verb="summary.section_removed").detail.body
    say_statement(ctx, summary, statement=second)
    with scope.active(world.school):
        assert summary.sections.get(pk=again.pk).version == 3  # whoever has it open is told that it changed
    assert json.loads(kept)["原文"] == before
    assert list(doctor.examine(world.school)) == []


def test_a_sentence_is_put_before_the_tables() -> None:
    assert prose.with_sentence("一段。\n〔表 a.b〕", "又一句。") == "一段。又一句。\n〔表 a.b〕"
    assert prose.with_sentence("〔表 a.b〕", "又一句。") == "又一句。\n〔表 a.b〕"
    assert prose.with_sentence("", "又一句。") == "又一句。"


def test_the_eleventh_chapter_is_numbered_too(world: World, summary: Summary) -> None:
    client = Client()
    client.login(username=f"{world.school.code}-head", password=PASSWORD)
    for n in range(12):
        add_section(world.ctx("head"), summary, heading=f"附 {n}")
    page = client.get(f"/{world.school.code}/summary/reports/{summary.pk}/").content.decode()
    assert "十一、附" in page
