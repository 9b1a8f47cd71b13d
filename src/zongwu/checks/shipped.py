"""The duties that every school has (rules.md appendix A), as lists and plans that wait to be begun: who and where is for the school to say."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib.resources import files

from zongwu.checks.models import CheckItem, CheckList, Plan
from zongwu.kernel.accounts import Role
from zongwu.kernel.scope import School


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(files("zongwu.checks").joinpath("data", name).read_text(encoding="utf-8").splitlines())


def create_defaults(school: School, on: date) -> None:
    """Every duty that the school never had: a list with its items and a plan that is not begun."""
    had = set(Plan.objects.filter(school=school).exclude(key="").values_list("key", flat=True))
    duties = [row for row in _rows("duties.csv") if row["key"] not in had]
    if not duties:
        return
    roles = {role.code: role for role in Role.objects.filter(school=school).exclude(code="")}
    named = set(CheckList.objects.filter(school=school, closed_on=None).values_list("name", flat=True))
    lists = {
        row["key"]: CheckList(
            school=school, name=row["name"] if row["name"] not in named else f"{row['name']}（新）", area=row["area"], then=row["then"],
            second=bool(row["second"]), basis=row["basis"],
        )
        for row in duties
    }  # fmt: skip
    CheckList.objects.bulk_create(lists.values())
    CheckItem.objects.bulk_create(_items(school, lists, on))
    Plan.objects.bulk_create(
        Plan(
            school=school, key=row["key"], name=row["name"], checklist=lists[row["key"]], level=row["level"], every=row["every"], times=int(row["times"]),
            role=roles.get(row["role"]), evidence=row["evidence"], basis=row["basis"],
        )
        for row in duties
    )  # fmt: skip


def _items(school: School, lists: dict[str, CheckList], on: date) -> Iterator[CheckItem]:
    seq: dict[str, int] = {}
    for row in _rows("items.csv"):
        if (checklist := lists.get(row.pop("key"))) is None:
            continue
        seq[checklist.name] = seq.get(checklist.name, 0) + 1
        limits = {name: Decimal(row[name]) if row[name] else None for name in ("least", "most")}
        words = {name: row[name] for name in ("name", "wanted", "sort", "fine", "wrong", "unit")}
        yield CheckItem(
            school=school,
            checklist=checklist,
            seq=seq[checklist.name],
            photo=bool(row["photo"]),
            opened_on=on,
            **limits,
            **words,
        )
