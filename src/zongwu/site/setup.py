"""Making and opening an installation: what `init`, `serve` and `demo` do before anything else."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from zongwu.kernel import clock, guards, installation, pinyin, roles
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.scope import School, active
from zongwu.school import openings
from zongwu.school.actions import open_school
from zongwu.school.rules import term_begins, term_of
from zongwu.sqlite import sqlite_problem

RESERVED = {"p", "accounts", "look", "static", "api"}
"""What addresses begin with already."""


def prepare() -> None:
    """Bring the database up to date and see that it is sound.

    :raises Refused: an unsound SQLite, or a guard that cannot be made.
    """
    if connection.vendor == "sqlite" and (problem := sqlite_problem()):
        raise Refused(problem)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        for school in School.objects.all():
            with active(school):
                roles.catch_up(school)
                openings.create_defaults(school, clock.today())
    guards.install()
    if lacking := guards.missing():
        raise Refused(f"数据库缺少 {len(lacking)} 个约束（如 {lacking[0].name}），为防写坏数据没有启动。")
    installation.begin()


def found_school(
    name: str, *, kind: str, region: str, code: str = "", administrator: str = "管理员", opened_on: date | None = None,
    now: datetime | None = None,
) -> tuple[School, str]:  # fmt: skip
    """A new school with its roles, term and first administrator; returns it and the one-time token.

    :raises Refused: a school of this name or code is here already.
    """
    code = code or re.sub(r"[^a-z0-9]", "", pinyin.initials(name))[:12] or "school"
    if code in RESERVED or not re.fullmatch(r"[a-z0-9-]{1,20}", code):
        raise Refused(f"学校代号「{code}」不能用，请用小写字母和数字另取一个：--code。")
    if School.objects.filter(name=name).exists() or School.objects.filter(code=code).exists():
        raise Refused(f"这里已经有「{name}」（代号 {code}）了。要再建一所学校，请用 --code 另取代号。")
    begins = opened_on or term_begins(*term_of(clock.today()))  # bookkeeping begins with the present term (建账日)
    school = School.objects.create(code=code, name=name, kind=kind, region=region, opened_on=begins)
    _, token = open_school(Ctx.system("init", school, now=now), administrator=administrator)
    return school, token
