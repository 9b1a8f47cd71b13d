"""The journal: one append-only row per action, in a hash chain per school and stream.

Facts hold ids, codes, integers and dates, never names or sentences; what may have to be erased stands in a separable
detail that the chain covers only by a salted hash. Subjects index every touched object: they are the history page of
an asset, a person, a room. Triggers (`guards.py`) forbid update and delete; `verify` recomputes everything.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from django.db import connection, models

from zongwu.kernel import bulk
from zongwu.kernel.refs import ref
from zongwu.kernel.scope import SchoolModel

if TYPE_CHECKING:
    from zongwu.kernel.ctx import Ctx

ALGORITHM = b"school-journal/v1\x00"
_CODE = re.compile(r"[A-Za-z0-9_.:/~@+\-]{0,80}")


class JournalHead(SchoolModel):
    """The end of one chain; moves only with an entry."""

    stream = models.SlugField(max_length=20, db_index=False)
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "stream"], name="journal_head_once"),
        ]


class JournalEntry(SchoolModel):
    """What one action did."""

    kind = "entry"
    guard = "append_only"

    uid = models.UUIDField()
    stream = models.SlugField(max_length=20, db_index=False)
    seq = models.BigIntegerField()
    at = models.CharField("时间", max_length=32)
    actor = models.CharField("经手", max_length=40)
    verb = models.CharField("事项", max_length=60)
    ref = models.CharField("对象", max_length=60)
    facts = models.TextField()
    detail_hash = models.BinaryField(max_length=32, null=True)
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "stream", "seq"], name="journal_entry_seq"),
            models.UniqueConstraint(fields=["school", "uid"], name="journal_entry_uid"),
        ]
        verbose_name = "日志"

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)

    def read_facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self.facts)
        return facts


class JournalSubject(SchoolModel):
    """One object that an entry touched, with its part in it. Covered by the entry's hash."""

    guard = "append_only"

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="subjects")
    object_kind = models.SlugField(max_length=20, db_index=False)
    object_id = models.BigIntegerField()
    role = models.SlugField(max_length=20, db_index=False, default="subject")
    change = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = SchoolModel.Meta.constraints
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "object_kind", "object_id", "id"], name="journal_subject_history")
        ]


class JournalDetail(SchoolModel):
    """Names and free text of an entry. Erased, never deleted: salt and body go, the chain still verifies."""

    guard = "erase_only"

    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="detail")
    salt = models.BinaryField(max_length=32, null=True)
    body = models.TextField(null=True)
    erased_by = models.ForeignKey(JournalEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(erased_by=None, salt__isnull=False, body__isnull=False)
                | models.Q(erased_by__isnull=False, salt=None, body=None),
                name="journal_detail_erased_whole",
            ),
        ]


class Touched(NamedTuple):
    """One subject before it is written."""

    kind: str
    object_id: int
    role: str = "subject"
    change: str = ""


@dataclass
class Draft:
    """An entry that waits for the end of its action, so that the chain's head is locked last."""

    ref: str
    verb: str
    facts: dict[str, Any]
    detail: dict[str, str] = field(default_factory=dict)
    subjects: list[Touched] = field(default_factory=list)

    @classmethod
    def of(cls, subject: Any, verb: str, facts: dict[str, Any]) -> Self:
        """Facts take rows (stored as `kind:id`), codes, integers, dates and lists of these.

        `detail={"reason": "…"}` takes free text; `also=[(row, "role")]` names further subjects; `touched=` gives the
        subjects of a run, already as `Touched`; `change={"place": (old, new)}` says what became of the subject.
        """
        detail = facts.pop("detail", {})
        also = facts.pop("also", ())
        change = facts.pop("change", {})
        touched = facts.pop("touched", ())
        main = Touched(*_target(subject), "subject", canonical(change) if change else "")
        parts = [Touched(*_target(row), role) for row, role in also if row is not None]
        return cls(ref(subject), verb, facts, {k: v for k, v in detail.items() if v}, [main, *parts, *touched])

    def add(self, rows: Iterable[tuple[Any, str]]) -> None:
        """Further subjects, each object once."""
        known = {(s.kind, s.object_id) for s in self.subjects}
        for row, role in rows:
            if (target := _target(row)) not in known:
                known.add(target)
                self.subjects.append(Touched(*target, role))


def _target(row: Any) -> tuple[str, int]:
    kind, _, number = ref(row).partition(":")
    return kind, int(number)


def plain(value: Any) -> Any:
    """A fact as JSON may hold it. Free text is refused: it belongs into the detail."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, models.Model):
        return ref(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [plain(item) for item in value]
    if isinstance(value, str) and _CODE.fullmatch(value):
        return value
    raise TypeError(f"a journal fact holds ids, codes, integers and dates, not {value!r}; use detail=")


def canonical(facts: dict[str, Any]) -> str:
    """JSON with sorted keys and no spaces: the same facts are always the same bytes."""
    return json.dumps(plain(facts), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _lp(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return len(raw).to_bytes(8, "big") + raw


def genesis(school_id: int, stream: str) -> bytes:
    """What the first entry of a chain points to."""
    return hashlib.sha256(ALGORITHM + b"genesis" + _lp(str(school_id)) + _lp(stream)).digest()


def entry_hash(entry: JournalEntry) -> bytes:
    """The entry's place in the chain: over everything it says and the hash before it."""
    parts: tuple[str | bytes, ...] = (
        str(entry.school_id), entry.stream, str(entry.seq), str(entry.uid), entry.at, entry.actor, entry.verb, entry.ref,
        entry.facts, bytes(entry.detail_hash or b""),
    )  # fmt: skip
    flag = b"\x00" if entry.detail_hash is None else b"\x01"
    return hashlib.sha256(ALGORITHM + b"".join(map(_lp, parts)) + flag + bytes(entry.prev_hash)).digest()


def detail_hash(salt: bytes, body: str) -> bytes:
    return hashlib.sha256(b"detail\x00" + salt + body.encode()).digest()


def subjects_digest(subjects: Iterable[Sequence[Any]]) -> str:
    """A digest over all subjects in their written order, so that history cannot be thinned out unseen."""
    state = hashlib.sha256()
    for kind, object_id, role, change in subjects:
        state.update(f"{kind}\t{object_id}\t{role}\t{change}\n".encode())
    return state.hexdigest()


def append(ctx: Ctx, stream: str, draft: Draft) -> JournalEntry:
    """Write one entry at the end of its chain. Called by `actions`, last in the transaction."""
    assert connection.in_atomic_block
    head, seq, last = _locked_head(ctx.school.pk, stream)
    facts = draft.facts | {"subjects": {"n": len(draft.subjects), "sha256": subjects_digest(draft.subjects)}}
    body = json.dumps(draft.detail, sort_keys=True, ensure_ascii=False) if draft.detail else None
    salt = secrets.token_bytes(32)
    entry = JournalEntry(
        school_id=ctx.school.pk, uid=uuid.uuid4(), stream=stream, seq=seq + 1,
        at=ctx.now.astimezone(UTC).isoformat(timespec="microseconds"), actor=ctx.actor, verb=draft.verb, ref=draft.ref,
        facts=canonical(facts), detail_hash=detail_hash(salt, body) if body else None, prev_hash=last,
    )  # fmt: skip
    entry.hash = entry_hash(entry)
    entry.pk = bulk.insert_one(JournalEntry, **{name: getattr(entry, name) for name in _ENTRY})
    if body:
        bulk.insert_one(JournalDetail, school_id=ctx.school.pk, entry_id=entry.pk, salt=salt, body=body)
    bulk.insert(
        JournalSubject, ("school_id", "entry_id", "object_kind", "object_id", "role", "change"),
        ((entry.school_id, entry.pk, *subject) for subject in draft.subjects),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_journalhead SET seq = %s, hash = %s WHERE id = %s", [entry.seq, entry.hash, head])
    return entry


_ENTRY = (
    "school_id", "uid", "stream", "seq", "at", "actor", "verb", "ref", "facts", "detail_hash", "prev_hash", "hash",
)  # fmt: skip


def _locked_head(school_id: int, stream: str) -> tuple[int, int, bytes]:
    """Id, number and hash of the chain's end, kept from everybody else until the transaction ends."""
    asked = "SELECT id, seq, hash FROM kernel_journalhead WHERE school_id = %s AND stream = %s"
    asked += " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(asked, [school_id, stream])
        if (found := cursor.fetchone()) is None:
            first = {"school_id": school_id, "stream": stream, "seq": 0, "hash": genesis(school_id, stream)}
            bulk.insert_one(JournalHead, unless_there=True, **first)
            cursor.execute(asked, [school_id, stream])
            found = cursor.fetchone()
    return found[0], found[1], bytes(found[2])


def history(kind: str, object_id: int) -> models.QuerySet[JournalSubject]:
    """Everything that ever touched the object, newest first, with its entries."""
    rows: models.QuerySet[JournalSubject] = (
        JournalSubject.objects.filter(object_kind=kind, object_id=object_id)
        .select_related("entry", "entry__detail")
        .order_by("-id")
    )
    return rows


class Break(NamedTuple):
    """Where a chain does not hold, in words for a person."""

    stream: str
    seq: int
    what: str


def verify(school_id: int) -> Iterator[Break]:
    """Recompute every chain of the school; yields each place that does not hold."""
    heads = JournalHead.objects.filter(school_id=school_id).order_by("stream")
    streams = set(JournalEntry.objects.filter(school_id=school_id).values_list("stream", flat=True))
    for stream in sorted(streams - {head.stream for head in heads}):
        yield Break(stream, 0, "链尾不见了")
    for head in heads:
        prev, seq = genesis(school_id, head.stream), 0
        entries = JournalEntry.objects.filter(school_id=school_id, stream=head.stream).select_related("detail")
        for entry in entries.order_by("seq").iterator(chunk_size=1000):
            seq += 1
            if entry.seq != seq:
                yield Break(head.stream, seq, f"缺第 {seq} 条，读到第 {entry.seq} 条")
                seq = entry.seq
            if bytes(entry.prev_hash) != prev:
                yield Break(head.stream, entry.seq, "与前一条接不上")
            if bytes(entry.hash) != entry_hash(entry):
                yield Break(head.stream, entry.seq, "内容与校验值不符，可能被改过")
            yield from _verify_parts(entry)
            prev = bytes(entry.hash)
        if (head.seq, bytes(head.hash)) != (seq, prev):
            yield Break(head.stream, head.seq, f"链尾应在第 {seq} 条，却记在第 {head.seq} 条")


def _verify_parts(entry: JournalEntry) -> Iterator[Break]:
    stored = entry.subjects.order_by("id").values_list("object_kind", "object_id", "role", "change")
    if subjects_digest(stored) != entry.read_facts()["subjects"]["sha256"]:
        yield Break(entry.stream, entry.seq, "涉及的对象被增删过")
    detail = getattr(entry, "detail", None)
    if entry.detail_hash is None:
        if detail is not None:
            yield Break(entry.stream, entry.seq, "详情是后来加上的")
        return
    if detail is None:
        yield Break(entry.stream, entry.seq, "详情不见了")
    elif detail.erased_by_id is None and detail_hash(bytes(detail.salt), detail.body) != bytes(entry.detail_hash):
        yield Break(entry.stream, entry.seq, "详情与校验值不符，可能被改过")
