"""How the journal is told: a domain says for each verb which words, which icon and which tone.

    say("asset.lent", "借出", icon="hand-move", tone="doing", text="借给 {to}，应于 {until} 归还")

The journal holds ids, codes and fen; the names are looked up when the page is drawn, one query per kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models

from zongwu.kernel import refs
from zongwu.kernel.accounts import Membership
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.journal import JournalEntry, JournalSubject
from zongwu.ui.addresses import ref_url
from zongwu.ui.screens import Tone, field_at

_REF = re.compile(r"([a-z_]+):(\d+)")
_SLOT = re.compile(r"\{([a-z_]+)\}")
_SYSTEM = {"import": "导入", "demo": "示例数据", "plate": "扫码报修", "schedule": "定时任务", "setup": "初始设置", "join": "本人凭邀请", "restore": "恢复备份", "token": "命令行", "invite": "命令行",
           "test": "测试"}  # fmt: skip


@dataclass(frozen=True)
class Saying:
    """How one verb is told."""

    verb: str
    label: str
    icon: str = "circle-dashed"
    tone: Tone = "neutral"
    text: str = ""
    """Clauses with `{fact}` slots, parted by 「；」; a clause without a value for every slot is left out."""
    read: Callable[[str], str] | None = None
    """How its facts are read, where they are codes that no field knows."""


SAYINGS: dict[str, Saying] = {}


def say(
    verb: str, label: str, *, icon: str = "circle-dashed", tone: Tone = "neutral", text: str = "", read: Callable[[str], str] | None = None,
) -> None:  # fmt: skip
    """Register how a verb is told; called when a domain's `screens` or `sayings` module is imported."""
    saying = Saying(verb, label, icon, tone, text, read)
    assert SAYINGS.get(verb, saying) == saying, f"{verb} is told in two ways"
    SAYINGS[verb] = saying


@dataclass(frozen=True)
class Change:
    """What became of one field."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Told:
    """One entry of the journal in words."""

    at: datetime
    label: str
    icon: str
    tone: str
    text: str
    actor: str
    changes: Sequence[Change] = ()
    details: Sequence[tuple[str, str]] = ()
    erased: bool = False
    about: str = ""
    """Name of the entry's object, where that is not the one whose history is told."""
    url: str = ""

    @property
    def local(self) -> datetime:
        return self.at.astimezone(SCHOOL_ZONE)


@dataclass
class Names:
    """The names behind references, fetched together: one query per kind."""

    wanted: dict[str, set[int]] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    def ask(self, value: Any) -> None:
        """Note every reference inside a fact."""
        if isinstance(value, str):
            if (match := _REF.fullmatch(value)) and match[1] in refs.kinds():
                self.wanted.setdefault(match[1], set()).add(int(match[2]))
        elif isinstance(value, Mapping):
            for part in value.values():
                self.ask(part)
        elif isinstance(value, Iterable):
            for part in value:
                self.ask(part)

    def look_up(self, ctx: Ctx) -> None:
        """Only what this person may see gets its name."""
        for kind, ids in self.wanted.items():
            for pk, row in refs.kinds()[kind].objects.visible_to(ctx).in_bulk(ids).items():
                self.found[f"{kind}:{pk}"] = str(row)

    def write(self, name: str, value: Any, model: type[models.Model] | None) -> str:
        """One fact in words: a name, a choice's label, yuan, a date, or the thing itself."""
        if value is None or value == "":
            return "空"
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, list):
            return "、".join(self.write(name, part, model) for part in value)
        if isinstance(value, int):
            return f"{Decimal(value) / 100:,.2f} 元" if name.endswith("_fen") else f"{value:,}"
        text = str(value)
        if _REF.fullmatch(text):
            return self.found.get(text, "（不归您看）")
        choices = dict(getattr(field_at(model, name), "flatchoices", ()) or ()) if model else {}
        return str(choices.get(text, text))


def actor_name(actor: str, members: Mapping[str, str]) -> str:
    kind, _, name = actor.partition(":")
    return members.get(actor, "已离开的人") if kind == "member" else _SYSTEM.get(name, "系统")


def _members(entries: Iterable[JournalEntry]) -> dict[str, str]:
    ids = {int(e.actor.partition(":")[2]) for e in entries if e.actor.startswith("member:")}
    found = Membership.objects.filter(pk__in=ids).select_related("person")
    return {f"member:{row.pk}": row.person.name for row in found}


def tell(ctx: Ctx, subjects: Sequence[JournalSubject]) -> list[Told]:
    """The history of one object, as `journal.history` yields it."""
    return list(_tell(ctx, [(row.entry, row) for row in subjects]))


def tell_entries(ctx: Ctx, entries: Sequence[JournalEntry]) -> list[Told]:
    """What happened lately, each entry with its object."""
    return list(_tell(ctx, [(entry, None) for entry in entries]))


def _elsewhere(entry: JournalEntry, row: JournalSubject | None) -> bool:
    """Whether the entry is about something else than the object whose history is told."""
    return row is None or entry.ref != f"{row.object_kind}:{row.object_id}"


def _tell(ctx: Ctx, pairs: Sequence[tuple[JournalEntry, JournalSubject | None]]) -> Iterator[Told]:
    names = Names()
    facts = {entry.pk: entry.read_facts() for entry, _ in pairs}
    for entry, row in pairs:
        names.ask({name: fact for name, fact in facts[entry.pk].items() if name != "subjects"})
        names.ask(_changed(row))
        if _elsewhere(entry, row):
            names.ask(entry.ref)
    names.look_up(ctx)
    members = _members(entry for entry, _ in pairs)
    for entry, row in pairs:
        saying = SAYINGS.get(entry.verb) or Saying(entry.verb, entry.verb)
        model = refs.kinds().get(entry.ref.partition(":")[0])
        details, erased = _detail(entry)
        other = _elsewhere(entry, row)
        if other and entry.ref not in names.found:
            continue  # it is about something that this person may not see
        yield Told(
            at=entry.moment, label=saying.label, icon=saying.icon, tone=saying.tone,
            text=_sentence(saying, facts[entry.pk], names, model), actor=actor_name(entry.actor, members),
            changes=_changes(row, names), details=details, erased=erased,
            about=names.found.get(entry.ref, "") if other else "", url=ref_url(ctx.school, entry.ref) if other else "",
        )  # fmt: skip


def _sentence(saying: Saying, facts: dict[str, Any], names: Names, model: type[models.Model] | None) -> str:
    def written(match: re.Match[str]) -> str:
        fact = facts[match[1]]
        return (
            "、".join(map(saying.read, fact))
            if saying.read and isinstance(fact, list)
            else names.write(match[1], fact, model)
        )

    clauses = [
        _SLOT.sub(written, clause)
        for clause in saying.text.split("；")
        if not any(facts.get(slot) in (None, "", []) for slot in _SLOT.findall(clause))
    ]
    return "；".join(clauses)


def _changed(row: JournalSubject | None) -> dict[str, Any]:
    """What became of the subject; nothing where the entry says only that it took part."""
    changes: dict[str, Any] = json.loads(row.change) if row and row.change.startswith("{") else {}
    return changes


def _changes(row: JournalSubject | None, names: Names) -> list[Change]:
    changes = _changed(row)
    if row is None or not changes:
        return []
    model = refs.kinds().get(row.object_kind)
    changed = []
    for name, (old, new) in changes.items():
        if old == new:
            continue
        stored = field_at(model, name.removesuffix("_fen")) if model else None
        label = str(stored.verbose_name) if stored else name
        changed.append(Change(label, names.write(name, old, model), names.write(name, new, model)))
    return changed


def _detail(entry: JournalEntry) -> tuple[list[tuple[str, str]], bool]:
    detail = getattr(entry, "detail", None)
    if detail is None:
        return [], False
    if detail.erased_by_id is not None:
        return [], True
    return list(json.loads(detail.body).items()), False
