"""Several phones scan at once and lose nothing; a signature and a withdrawal do not both win."""

from __future__ import annotations

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
    done = subprocess.run(
        [sys.executable, "-m", "tests.races.papers", story], capture_output=True, text=True, timeout=180, check=False, cwd=ROOT,
        env=os.environ | {"ZONGWU_DATA": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert told["findings"] == []
    return told


def test_four_phones_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    told = play("scans", tmp_path)
    assert told["ends"] == ["done"] * 4
    assert (told["said"], told["count"]) == (["ok"], 80)


def test_what_a_phone_was_told_is_done_is_in_the_result(tmp_path: Path) -> None:
    told = play("closing", tmp_path)
    assert told["closed"] == "done"
    assert told["lost"] == 0
    assert set(told["ends"]) <= {"done", "refused"}


def test_signed_or_withdrawn_but_not_both(tmp_path: Path) -> None:
    told = play("withdrawn", tmp_path)
    assert all(ends == ["done", "refused"] or ends == ["done", "done"] for ends in told["ends"])
    assert set(told["states"]) <= {"running", "withdrawn"}


def test_two_seats_at_once(tmp_path: Path) -> None:
    told = play("together", tmp_path)
    assert told["ends"] == ["done"] * 4
    assert told["signatures"] == 2
    assert told["waiting"] == ["领导签字"]


def test_two_last_rooms_at_once_end_the_roll_out(tmp_path: Path) -> None:
    told = play("placed", tmp_path)
    assert told["states"] == ["done"] * 4


def test_no_more_is_taken_than_is_owed(tmp_path: Path) -> None:
    told = play("paid", tmp_path)
    assert sorted(told["ends"]) == ["done"] * 2 + ["refused"] * 4
    assert (told["paid"], told["payments"]) == ("60.00", 2)


def test_a_room_is_drawn_up_and_accepted_once(tmp_path: Path) -> None:
    told = play("accepted", tmp_path)
    assert sorted(told["drawn"]) == ["done", "refused"]
    assert sorted(told["ends"]) == ["done"] + ["refused"] * 3
