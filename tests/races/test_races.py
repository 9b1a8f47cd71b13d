"""Two people at once: numbers without gaps, one press one card, one act one winner. On the database of this run."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.race


ROOT = Path(__file__).resolve().parents[2]


def play(story: str, folder: Path) -> dict[str, Any]:
    environment = os.environ | {"ZONGWU_DATA": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.races.stage", story],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert told["findings"] == []
    return told


def test_numbers_have_no_gap_and_no_double(tmp_path: Path) -> None:
    told = play("numbers", tmp_path)
    assert told["ends"] == ["done"] * 12
    assert told["numbers"] == [f"ZC-2026-{n:04d}" for n in range(1, 37)]


def test_one_button_pressed_eight_times_makes_one_card(tmp_path: Path) -> None:
    told = play("button", tmp_path)
    assert told["ends"] == ["done"] * 8
    assert len(told["numbers"]) == 1
    assert told["verbs"] == ["asset.registered"]


def test_of_eight_who_void_a_card_one_wins(tmp_path: Path) -> None:
    told = play("void", tmp_path)
    assert sorted(told["ends"]) == ["done"] + ["refused"] * 7
    assert told["verbs"].count("asset.voided") == 1


def test_of_two_administrators_who_shut_each_other_out_one_stays(tmp_path: Path) -> None:
    assert sorted(play("administrators", tmp_path)["ends"]) == ["done", "refused"]


def test_without_the_lock_both_would_go(tmp_path: Path) -> None:
    """The planted version. SQLite has one writer at a time, so there the race cannot be lost."""
    told = play("administrators-unguarded", tmp_path)
    assert sorted(told["ends"]) == (["done", "done"] if "ZONGWU_DATABASE" in os.environ else ["done", "refused"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
def test_an_import_that_is_killed_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    told = play("killed", tmp_path)
    assert set(told["ends"]) == {"all", "nothing"}
    assert told["ends"][0] == "nothing"
