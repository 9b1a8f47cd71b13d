"""`zongwu doctor`: every check over the data, each finding named. It ends every scenario test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.apps import apps
from django.db import connection, models

from zongwu.kernel import guards, journal, search
from zongwu.kernel.attachments import Attachment
from zongwu.kernel.refs import kinds
from zongwu.kernel.scope import School, SchoolModel, active


class Finding(NamedTuple):
    """Something that does not hold: which check, about what, in words for a person."""

    check: str
    about: str
    sentence: str


Check = Callable[[School], Iterator[Finding]]
CHECKS: dict[str, tuple[str, Check]] = {}


def check(name: str, label: str) -> Callable[[Check], Check]:
    """Register a check; a domain adds its own in `ready()`."""

    def decorate(body: Check) -> Check:
        CHECKS[name] = (label, body)
        return body

    return decorate


def examine(school: School) -> Iterator[Finding]:
    """All findings of one school."""
    with active(school):
        for _, body in CHECKS.values():
            yield from body(school)


@check("guards", "数据库自身的约束")
def _guards(school: School) -> Iterator[Finding]:
    for guard in guards.missing():
        yield Finding("guards", guard.table, f"缺少约束 {guard.name}，请运行 zongwu serve 前的升级或联系管理员。")


@check("journal", "日志链")
def _journal(school: School) -> Iterator[Finding]:
    for broken in journal.verify(school.pk):
        yield Finding("journal", f"{broken.stream}#{broken.seq}", broken.what)


@check("scope", "两端同属一校")
def _scope(school: School) -> Iterator[Finding]:
    """Independent of the guards: joins each foreign key and compares the two schools."""
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if not issubclass(model, SchoolModel):
                continue
            for field in model._meta.local_fields:
                if isinstance(field, models.ForeignKey) and issubclass(field.related_model, SchoolModel):
                    mine, theirs = model._meta.db_table, field.related_model._meta.db_table
                    cursor.execute(
                        f'SELECT c.id FROM "{mine}" c LEFT JOIN "{theirs}" p ON p.id = c.{field.column} WHERE c.school_id = %s '
                        f"AND c.{field.column} IS NOT NULL AND (p.id IS NULL OR p.school_id <> c.school_id) LIMIT 20",
                        [school.pk],
                    )
                    for (pk,) in cursor.fetchall():
                        yield Finding("scope", f"{mine}:{pk}", f"{field.name} 指向了别的学校或不存在的记录")


@check("subjects", "日志所指的对象都在")
def _subjects(school: School) -> Iterator[Finding]:
    for kind, model in kinds().items():
        named = journal.JournalSubject.objects.filter(object_kind=kind).values("object_id")
        gone = named.exclude(object_id__in=model.objects.values("pk")).distinct()[:20]
        for row in gone:
            yield Finding("subjects", f"{kind}:{row['object_id']}", "日志里有它，记录却不在了")


@check("files", "附件文件")
def _files(school: School) -> Iterator[Finding]:
    for attachment in Attachment.objects.filter(void_on=None).iterator():
        if not attachment.path.exists():
            yield Finding("files", f"attachment:{attachment.pk}", f"附件「{attachment.name}」的文件不见了")


@check("search", "检索索引")
def _search(school: School) -> Iterator[Finding]:
    for kind, source in search.SOURCES.items():
        live = {found.object_id for found in source(None)}
        indexed = set(search.SearchEntry.objects.filter(object_kind=kind).values_list("object_id", flat=True))
        if live != indexed:
            yield Finding("search", kind, f"索引与记录差 {len(live ^ indexed)} 条，请运行 zongwu doctor --reindex。")
