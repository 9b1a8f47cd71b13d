"""How commands speak: people by default, one JSON document with `--json`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from zongwu.kernel.errors import Refused
from zongwu.kernel.scope import School
from zongwu.site.setup import prepare


def say(line: str = "") -> None:
    """A line of the result, on standard output."""
    sys.stdout.write(f"{line}\n")


def remark(line: str) -> None:
    """A line beside the result, on standard error."""
    sys.stderr.write(f"{line}\n")


def answer(options: argparse.Namespace, document: Any, lines: list[str]) -> None:
    """The document where JSON was asked for (to a file if one is named), else the lines."""
    if options.json is None:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    if options.json == "-":
        sys.stdout.write(text)
    else:
        Path(options.json).write_text(text, encoding="utf-8")


def the_school(options: argparse.Namespace) -> School:
    """The school that the command is about: the one named, or the only one.

    :raises Refused: there is none, or several and none was named.
    """
    prepare()
    schools = list(School.objects.order_by("code"))
    if options.school:
        schools = [school for school in schools if school.code == options.school]
    if len(schools) == 1:
        return schools[0]
    if not schools:
        raise Refused(
            "这里还没有学校，请先运行 zongwu init --name 学校名称。"
            if not options.school
            else f"没有代号为 {options.school} 的学校。"
        )
    raise Refused(f"这里有 {len(schools)} 所学校，请用 --school 指明：{'、'.join(school.code for school in schools)}。")
