"""`demo`: a demonstration school in a folder of its own, a term replayed, the summary written, then served."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings

from zongwu.kernel import scope
from zongwu.kernel.errors import Refused
from zongwu.kernel.scope import School
from zongwu.site import demo as story
from zongwu.site.commands.output import answer, remark
from zongwu.site.commands.serve import listen
from zongwu.site.commands.summary import write
from zongwu.site.demo_cast import PEOPLE
from zongwu.site.running import alone
from zongwu.site.setup import found_school, prepare
from zongwu.summary.models import Summary


def demo(options: argparse.Namespace) -> int:
    with alone(Path(settings.DATA)):
        return _told_and_served(options)


def _told_and_served(options: argparse.Namespace) -> int:
    prepare()
    school = School.objects.filter(code="demo").first()
    if school is None:
        remark("正在建示范学校、导入台账、重放一个学期……")
        school, _ = found_school(
            "城南实验小学", kind="primary", region="示范县", code="demo", opened_on=story.OPENED, now=story.FOUNDED
        )
        story.Story(school).tell()
        story.stand_still()
    elif not story.told():
        raise Refused(f"示范学校上次没有建完。请删掉文件夹 {settings.DATA} 再运行，或用 --data 另选一个。")
    target = Path(settings.DATA) / "学期总结.docx"
    with scope.reading(school):
        write(Summary.objects.select_related("term", "signed_by", "school").latest("begun_on"), target)
    address = f"http://{options.host}:{options.port}/"
    accounts = [{"account": a, "name": n, "post": p, "password": story.PASSWORD} for a, n, p, _, _ in PEOPLE]
    lines = [
        f"示范学校：{school.name}", f"学期总结：{target}", f"地址：{address}", "账号（密码都是 " + story.PASSWORD + "）：",
        *(f"  {one['account']:<6}{one['name']}（{one['post']}）" for one in accounts),
    ]  # fmt: skip
    answer(options, {"school": school.code, "summary": str(target), "address": address, "accounts": accounts}, lines)
    if not options.no_serve:
        listen(options.host, options.port)
    return 0
