"""Points, tasks, hazards and notices, whoever is at them at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.race
ROOT = Path(__file__).resolve().parents[2]


def test_inspections_and_hazards_under_many_hands(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.races.field"], capture_output=True, text=True, timeout=300, check=False, cwd=ROOT,
        env=os.environ | {"ZONGWU_DATA": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "point": {"ends": ["done"] * 4, "rounds": 4, "tasks": 1, "done": 1, "findings": []},
        "upload": {"ends": ["done"] * 6, "rounds": 1, "findings": []},
        "morning": {"ends": ["done", "refused", "refused"], "tasks": 1, "findings": []},
        "danger": {"ends": {"done": 1, "refused": 9}, "hazards": 1, "findings": []},
        "recheck": {"ends": ["done", "refused"], "settled": True, "findings": []},
        "ladder": {"ends": ["done", "refused"], "told": 1, "findings": []},
    }
