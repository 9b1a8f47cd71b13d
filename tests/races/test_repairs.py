"""Reports are neither lost nor doubled, whoever stands before the door at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.race
ROOT = Path(__file__).resolve().parents[2]


def test_repairs_under_many_hands(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.races.repairs"], capture_output=True, text=True, timeout=300, check=False, cwd=ROOT,
        env=os.environ | {"ZONGWU_DATA": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "same": {"ends": {"done": 1, "refused": 19}, "tickets": 1, "findings": []},
        "once": {"ends": ["done"] * 8, "tickets": 1, "findings": []},
        "many": {"ends": ["done"] * 10, "gaps": False, "findings": []},
        "joined": {"ends": ["done", "refused", "refused", "refused"], "echoes": 1, "findings": []},
        "mended": {"ends": ["done", "refused", "refused"], "findings": []},
    }
