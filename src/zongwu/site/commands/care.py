"""`doctor`, `verify`, `anchor`, `backup`, `restore`: is what is kept still what was written, and will it be?"""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings

from zongwu.kernel import doctor as examination
from zongwu.kernel import journal, privacy, search
from zongwu.kernel.anchors import against, anchor_of
from zongwu.kernel.errors import Refused
from zongwu.kernel.scope import School, active
from zongwu.site.backup import back_up, check_restored, erase_again, restore_from
from zongwu.site.commands.output import answer, remark, the_school
from zongwu.site.running import alone
from zongwu.site.setup import prepare


def _schools(options: argparse.Namespace) -> list[School]:
    if options.school:
        return [the_school(options)]
    prepare()
    return list(School.objects.order_by("code"))


def doctor(options: argparse.Namespace) -> int:
    schools = _schools(options)
    findings = []
    for school in schools:
        if privacy.purge_if_due(school):
            remark(f"{school.code} 清理了 90 天以前的导入原文和提交凭据。")
        if options.reindex:
            search.rebuild(school)
        findings += [(school, finding) for finding in examination.examine(school)]
    document = {
        "checks": [{"name": name, "label": label} for name, (label, _) in examination.CHECKS.items()],
        "findings": [
            {"school": school.code, "check": f.check, "about": f.about, "sentence": f.sentence}
            for school, f in findings
        ],
    }
    lines = [f"{school.code} {f.about}：{f.sentence}" for school, f in findings]
    answer(options, document, lines or [f"查了 {len(examination.CHECKS)} 项，{len(schools)} 所学校，没有发现问题。"])
    return 1 if findings else 0


def verify(options: argparse.Namespace) -> int:
    broken: list[tuple[School | None, journal.Break]] = []
    counted = 0
    for school in _schools(options):
        with active(school):
            counted += journal.JournalEntry.objects.count()
            broken += [(school, b) for b in journal.verify(school.pk)]
    if options.anchor:
        broken += [(None, b) for b in against(Path(options.anchor).read_text(encoding="utf-8"))]
    document = {
        "entries": counted,
        "breaks": [
            {"school": school.code if school else "", "stream": b.stream, "seq": b.seq, "what": b.what}
            for school, b in broken
        ],
    }
    lines = [f"{school.code if school else '链尾文件'} {b.stream} 第 {b.seq} 条：{b.what}" for school, b in broken]
    answer(options, document, lines or [f"{counted} 条日志首尾相接，没有改动。"])
    return 1 if broken else 0


def anchor(options: argparse.Namespace) -> int:
    prepare()
    Path(options.output).write_text(anchor_of(), encoding="utf-8")
    answer(options, {"file": options.output}, [f"已写入 {options.output}，请另存到这台机器以外的地方。"])
    return 0


def backup(options: argparse.Namespace) -> int:
    prepare()
    if not School.objects.exists():
        raise Refused("这里还没有学校，没有什么可备份的。")
    made = back_up(Path(options.file))
    document = {
        "file": options.file,
        "schools": made["schools"],
        "rows": sum(made["tables"].values()),
        "files": made["files"],
    }
    lines = [
        f"已备份到 {options.file}：{document['rows']} 条记录，{made['files']} 个文件，已核对。请另存到这台机器以外的地方。"
    ]
    answer(
        options,
        document | {"breaks": made["breaks"]},
        lines + [f"注意，日志有对不上的地方：{b}" for b in made["breaks"]],
    )
    return 1 if made["breaks"] else 0


def restore(options: argparse.Namespace) -> int:
    if not Path(options.file).is_file():
        raise Refused(f"找不到文件 {options.file}。")
    with alone(Path(settings.DATA)):
        manifest, before, erased = restore_from(Path(options.file))
        prepare()
        check_restored(manifest)
        done, left = erase_again(erased)
    rows = sum(manifest["tables"].values())
    document = {
        "file": options.file,
        "made_at": manifest["made_at"],
        "rows": rows,
        "before": str(before) if before else None,
        "erased_again": done,
        "to_erase": left,
    }
    broken = manifest["breaks"]
    told = "日志已核对" if not broken else f"但是日志有 {len(broken)} 处对不上，做备份时就是这样"
    lines = [f"已恢复 {manifest['made_at']} 的备份：{rows} 条记录，{manifest['files']} 个文件，{told}。", *broken]
    lines += [f"恢复前的数据另存在 {before}。"] if before else []
    lines += [f"备份以后抹去过个人详情的，已再抹去 {done} 人。"] if done else []
    lines += [f"这几位的详情在备份以后抹去过，现在又在校，没有再抹，请核对：{'、'.join(left)}。"] if left else []
    answer(options, document | {"breaks": broken}, lines)
    return 1 if broken else 0
