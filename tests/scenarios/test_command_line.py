"""The command line as others rely on it: a school is made, its ledger goes in, a summary comes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

SAMPLE = Path(__file__).parent.parent / "samples" / "01_固定资产台账.xlsx"


def zongwu(folder: Path, *arguments: str, expect: int = 0) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ZONGWU_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "zongwu", *arguments, "--data", str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        check=False,
    )
    assert done.returncode == expect, (done.returncode, done.stdout[-500:], done.stderr[-2000:])
    assert "Traceback" not in done.stderr
    return done.stdout if expect == 0 or done.stdout else done.stderr


def asked(folder: Path, *arguments: str) -> Any:
    return json.loads(zongwu(folder, *arguments, "--json"))


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a school and the sample ledger in it."""
    folder = tmp_path_factory.mktemp("school")
    assert "/p/join/" in zongwu(folder, "init", "--name", "城南实验小学")
    before = asked(folder, "import", "assets", str(SAMPLE), "--dry-run")
    assert (before["dry_run"], "import_id" in before) == (True, False)
    told = asked(folder, "import", "assets", str(SAMPLE))
    assert told["sheets"]["固定资产台账"] == {"clean": 36, "fixed": 201, "warn": 48, "dup": 4, "reject": 21, "skip": 35}
    assert told["rows"] == before["rows"]
    assert told["control"]["total"] == "1694767.61"
    return folder


def test_figures_and_the_rows_behind_them(school: Path) -> None:
    figures = {f["key"]: f for f in asked(school, "figures")}
    assert set(figures["assets.value"]) == {"key", "label", "value", "unit", "text"}
    for key in ("assets.value", "assets.cards", "assets.pieces", "assets.named"):
        told = asked(school, "rows", key)
        assert told["value"] == figures[key]["value"]
        if told["measure"] == "total":
            assert Decimal(str(told["value"])) == sum(Decimal(row["amount"]) for row in told["rows"])
        if told["measure"] == "count":
            assert told["value"] == len(told["rows"])
        if told["measure"] == "share":
            assert all("part" in row for row in told["rows"])


def test_as_of_a_date(school: Path) -> None:
    past = {f["key"]: f["value"] for f in asked(school, "figures", "--as-of", "2015-12-31", "--area", "assets")}
    now = {f["key"]: f["value"] for f in asked(school, "figures", "--area", "assets")}
    assert 0 < past["assets.cards"] < now["assets.cards"]
    assert "日期" in zongwu(school, "figures", "--as-of", "去年", expect=1)


def test_an_export_comes_back_all_the_same(school: Path, tmp_path: Path) -> None:
    zongwu(school, "export", "assets", "-o", str(tmp_path / "out.xlsx"))
    told = asked(school, "import", "assets", str(tmp_path / "out.xlsx"), "--dry-run")
    assert {row["effect"] for row in told["rows"] if row["disposition"] != "skip"} == {"same"}
    assert told["imported"] == 285


def test_an_export_is_narrowed_as_people_say_it(school: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "部分.xlsx")

    def rows(kind: str, *conditions: str) -> int:
        narrowed = [word for condition in conditions for word in ("--filter", condition)]
        return int(asked(school, "export", kind, "-o", out, *narrowed)["rows"])

    office = rows("assets", "department=信息中心")
    assert 0 < rows("assets", "department=信息中心", "state=在用") <= office < rows("assets")
    assert rows("assets", "state=in_use") == rows("assets", "state=在用")
    assert 0 < rows("places", "level=房间") < rows("places")
    wrong = zongwu(school, "export", "assets", "-o", out, "--filter", "department=没有的部门", expect=1)
    assert "部门里没有「没有的部门」" in wrong
    assert "department（部门）" in zongwu(school, "export", "staff", "-o", out, "--filter", "room=1", expect=1)


def test_the_summary_as_text_and_as_word(school: Path, tmp_path: Path) -> None:
    text = zongwu(school, "summary", "--term", "2026秋", "--text")
    assert "[assets.cards、assets.pieces、assets.value]" in text
    for name in ("a.docx", "b.docx"):
        zongwu(school, "summary", "--term", "2026秋", "-o", str(tmp_path / name))
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_checks_and_anchor(school: Path, tmp_path: Path) -> None:
    assert asked(school, "doctor")["findings"] == []
    assert asked(school, "verify")["breaks"] == []
    zongwu(school, "anchor", "-o", str(tmp_path / "anchor.json"))
    heads = json.loads((tmp_path / "anchor.json").read_text())["heads"]
    assert {head["stream"] for head in heads} >= {"school", "transfer"}
    zongwu(school, "verify", "--anchor", str(tmp_path / "anchor.json"))
    forged = (tmp_path / "anchor.json").read_text().replace('"seq": ', '"seq": 1')
    (tmp_path / "forged.json").write_text(forged)
    assert "签名对不上" in zongwu(school, "verify", "--anchor", str(tmp_path / "forged.json"), expect=1)


def test_sentences_for_what_goes_wrong(school: Path, tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(SAMPLE.read_bytes()[:9000])
    assert "损坏" in zongwu(school, "import", "assets", str(tmp_path / "坏.xlsx"), expect=1)
    assert "没有叫「猫」的表" in zongwu(school, "import", "猫", str(SAMPLE), expect=1)
    assert "找不到文件" in zongwu(school, "import", "assets", "没有.xlsx", expect=1)
    assert "没有叫「x.y」的数字" in zongwu(school, "rows", "x.y", expect=1)
    assert "还没有学校" in zongwu(tmp_path / "空", "figures", expect=1)
    assert "没有找到教职工名单" in zongwu(school, "import", "staff", str(SAMPLE), expect=1)
    zongwu(school, "import", "assets", expect=2)
    zongwu(school, "undo-import", "12345", expect=1)


def test_a_template_names_every_column(school: Path, tmp_path: Path) -> None:
    import openpyxl

    zongwu(school, "template", "assets", "-o", str(tmp_path / "t.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["填写", "说明", "字典"]
    assert {kind["kind"] for kind in asked(school, "kinds")} >= {"assets", "staff", "places", "pupils", "suppliers"}


def test_undo_takes_the_whole_import_back(tmp_path: Path) -> None:
    zongwu(tmp_path, "init", "--name", "撤销小学")
    told = asked(tmp_path, "import", "assets", str(SAMPLE))
    zongwu(tmp_path, "undo-import", str(told["import_id"]))
    assert next(f for f in asked(tmp_path, "figures") if f["key"] == "assets.cards")["value"] == 0
    assert asked(tmp_path, "doctor")["findings"] == []


KILLED = """
import os, sys
import zongwu.assets.steps as steps
from zongwu.__main__ import main
import django
os.environ["ZONGWU_DATA"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "zongwu.site.settings"
django.setup()
import zongwu.assets.transfers as transfers
whole = transfers.steps.enter_cards
def cut(ctx, cards):
    whole(ctx, cards)
    os._exit(9)
transfers.steps.enter_cards = cut
sys.exit(main(["import", "assets", sys.argv[2], "--data", sys.argv[1]]))
"""


def test_a_process_killed_in_the_middle_leaves_nothing_half_written(tmp_path: Path) -> None:
    zongwu(tmp_path, "init", "--name", "断电小学")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ZONGWU_", "DJANGO_"))}
    script = KILLED.replace("import zongwu.assets.steps as steps\n", "")
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), str(SAMPLE)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 9, done.stderr[-2000:]
    assert next(f for f in asked(tmp_path, "figures") if f["key"] == "assets.cards")["value"] == 0
    assert asked(tmp_path, "doctor")["findings"] == []
    assert asked(tmp_path, "import", "assets", str(SAMPLE))["imported"] == 285


def test_options_stand_before_or_after_the_command(school: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ZONGWU_", "DJANGO_"))}
    before = subprocess.run(
        [sys.executable, "-m", "zongwu", "--data", str(school), "--json", "figures", "--area", "assets"],
        capture_output=True, text=True, env=environment, check=True,
    )  # fmt: skip
    assert json.loads(before.stdout) == asked(school, "figures", "--area", "assets")
    assert "没有叫「火星」的领域" in zongwu(school, "figures", "--area", "火星", expect=1)
    assert "看看文件夹" in zongwu(school, "export", "assets", "-o", "/nowhere/x.xlsx", expect=1)


@pytest.mark.seed("R1.08", "R1.10", "R1.11", "R3.01")
def test_the_demonstration_tells_a_whole_term(tmp_path: Path) -> None:
    told = json.loads(zongwu(tmp_path, "demo", "--no-serve", "--json"))
    assert Path(told["summary"]).stat().st_size > 10_000
    text = zongwu(tmp_path, "summary", "--text")
    for said in (
        "36个教学班、1,612名学生",
        "1个总库房，直接管理8个分库房",
        "投影仪8台",
        "笔记本电脑26台",
        "三项都落实到人的卡片占",
    ):
        assert said in text
    assert asked(tmp_path, "doctor")["findings"] == []
    assert asked(tmp_path, "verify")["breaks"] == []
    again = json.loads(zongwu(tmp_path, "demo", "--no-serve", "--json"))
    assert again == told


def test_the_same_file_asks_first_and_then_makes_nothing_twice(school: Path) -> None:
    before = asked(school, "figures", "--area", "assets")
    assert "--again" in zongwu(school, "import", "assets", str(SAMPLE), expect=1)
    told = asked(school, "import", "assets", str(SAMPLE), "--again")
    assert {row["effect"] for row in told["rows"]} == {"same", "none"}
    assert asked(school, "figures", "--area", "assets") == before


def test_asking_about_another_term_changes_nothing(school: Path) -> None:
    before = asked(school, "figures")
    assert asked(school, "figures", "--term", "2024春") != before
    assert asked(school, "figures") == before
    assert "最晚到明年" in zongwu(school, "figures", "--term", "2099秋", expect=1)


def test_a_port_that_is_none(school: Path) -> None:
    assert "端口" in zongwu(school, "serve", "--port", "99999", expect=2)
