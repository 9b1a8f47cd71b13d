"""`init`: the database, the school and the first administrator's one-time address."""

from __future__ import annotations

import argparse

from django.conf import settings

from zongwu.site.commands.output import answer
from zongwu.site.setup import found_school, prepare


def init(options: argparse.Namespace) -> int:
    prepare()
    school, token = found_school(
        options.name, kind=options.kind, region=options.region, code=options.code, administrator=options.admin
    )
    address = f"{settings.SITE_URL}/p/join/{token}/"
    answer(
        options, {"school": school.code, "name": school.name, "invitation": address},
        [f"{school.name}已建好，代号 {school.code}。", f"第一位管理员请在七天内打开（只能用一次）：{address}", f"先开服务再打开它：zongwu serve --data {settings.DATA}（换了端口，地址里的 8000 也要换）"],
    )  # fmt: skip
    return 0
