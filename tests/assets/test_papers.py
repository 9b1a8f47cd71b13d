"""The printed forms, read back from the PDF: every page has its head, every signature its line, and nothing is cut off."""

from __future__ import annotations

import re

import pytest

from tests.assets.counts import begun
from tests.assets.rollouts import panels
from tests.assets.rooms import drawn, in_force
from tests.printing import pages, printed, whole
from tests.scenarios.test_disposal import computers
from tests.signing import SIGNATURE, case_of, sign
from tests.world import World
from zongwu.assets.actions import accept_room, apply_disposal, draw_handover, submit_disposal, submit_handover
from zongwu.kernel import scope
from zongwu.kernel.codes import PublicCode

pytestmark = pytest.mark.django_db


def code_of(world: World, document: object) -> str:
    with scope.active(world.school):
        code = PublicCode.objects.get(object_kind="case", object_id=case_of(world, document).pk).code
    return f"{code[:4]}-{code[4:]}"


@pytest.mark.seed("R1.12")
def test_the_disposal_form_has_twenty_five_lines_a_page_and_all_its_fields_on_each(world: World) -> None:
    teacher = world.ctx("storekeeper")
    document = apply_disposal(
        teacher, assets=computers(world, 52, price="100"), form="scrap", reason="用了八年，修不了", confirmed=True
    )
    submit_disposal(teacher, document, signature=SIGNATURE)
    paper = printed(world, f"assets/disposals/form.pdf?ids={document.pk}")
    sheets = pages(paper)
    assert [len(re.findall(r"ZC-2018-\d{4}", sheet)) for sheet in sheets] == [25, 25, 2]
    for at, sheet in enumerate(sheets, start=1):
        for word in (
            "固定资产报废申请单",
            "资产编号",
            "账面原值",
            "本页小计",
            "技术鉴定",
            "校长",
            "教育局",
            "财政局",
            code_of(world, document),
            f"第{at}页共3页",
        ):
            assert word in sheet, (at, word)
        assert ("合计伍仟贰佰元整" in sheet) == (at == 3)
    whole(paper)


@pytest.mark.seed("R1.16")
def test_a_long_slip_repeats_its_head_and_keeps_its_signatures_together(world: World) -> None:
    cards = panels(world, 60)
    slip = draw_handover(
        world.ctx("storekeeper"), form="issue", receiver=world.people["class_teacher"], assets=cards, reason="开学"
    )
    submit_handover(world.ctx("storekeeper"), slip)
    blank = pages(printed(world, f"assets/handovers/slip.pdf?ids={slip.pk}"))
    assert "年月日" in re.sub(r"\s|　", "", blank[-1])
    sign(world, "class_teacher", slip)
    paper = printed(world, f"assets/handovers/slip.pdf?ids={slip.pk}")
    sheets = pages(paper)
    assert len(sheets) == 2
    assert all("资产编号" in sheet and "规格型号" in sheet for sheet in sheets)
    assert "固定资产领用单" in sheets[0]
    assert "接收人签收" in sheets[-1]
    assert "高文" in sheets[-1]
    assert "接收人签收" not in sheets[0]
    assert f"经办人：{world.people['storekeeper']}" in sheets[0]
    whole(paper)


@pytest.mark.seed("R2.04", "R5.07")
def test_the_agreement_says_list_terms_and_who_signed_and_later_what_was_found(world: World) -> None:
    agreement = drawn(world)
    url = f"assets/agreements/paper.pdf?ids={agreement.pk}"
    before = "".join(pages(printed(world, url)))
    assert "财产保管责任书" in before
    assert "丢失和人为损坏按价赔偿" in before
    assert world.projector.number in before
    assert "学生代表" in before
    assert "室负责人" not in before  # there is none in this room
    assert "验收日期" not in before


def test_accepted_back_it_shows_the_result_and_both_rounds_of_signatures(world: World) -> None:
    agreement = in_force(world)
    check = accept_room(
        world.ctx("class_teacher"), place=world.room_101, wrong={}, signature=SIGNATURE, pupils=SIGNATURE
    )
    sign(world, "storekeeper", check)
    paper = printed(world, f"assets/agreements/paper.pdf?ids={agreement.pk}")
    words = "".join(pages(paper))
    for word in (
        "验收日期：2026-11-23",
        "缺损：0张卡片，0.00元",
        "总务处交付",
        "验收：总务处验收",
        "验收：学生代表",
        "高文",
        "孙丽华",
    ):
        assert word in words, word
    whole(paper)


@pytest.mark.seed("R1.07")
def test_the_sheet_to_count_from_lists_the_books(world: World) -> None:
    paper = printed(world, f"assets/stocktakes/sheet.pdf?ids={begun(world).pk}")
    words = "".join(pages(paper))
    for word in ("固定资产盘点表", world.projector.number, world.laptop.number, "监盘"):
        assert word in words, word
    whole(paper)
