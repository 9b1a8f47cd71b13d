"""Private files by content: `DATA/files/<school>/<sha256[:2]>/<sha256>`, on disk and synced before their row."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.db import models

from zongwu.kernel.errors import Refused
from zongwu.kernel.refs import kinds
from zongwu.kernel.scope import NOBODY, SchoolModel, Scoped, ScopedQuerySet

LARGEST = 20 * 1024 * 1024
LONGEST_SIDE = 1600
MOST_PIXELS = 50_000_000
TYPES = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    ".ofd": ("application/ofd", b"PK\x03\x04"),
}
BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    struct.error,
    LookupError,
    ArithmeticError,
    EOFError,
    AttributeError,
)
"""What reading a picture that somebody forged may end in."""
PICTURES = {".jpg", ".jpeg", ".png", ".webp"}


class AttachmentQuerySet(ScopedQuerySet):
    """A paper is seen and handled as the record on which it hangs."""

    def in_range(self, ctx: Any, span: str) -> models.Q:
        found = NOBODY
        for kind, model in kinds().items():
            rows = model.objects.all()
            near = NOBODY if model is self.model else rows.in_range(ctx, span)
            if near != NOBODY:
                found |= models.Q(object_kind=kind, object_id__in=rows.filter(near).values("pk"))
        return found

    def visible_to(self, ctx: Any) -> AttachmentQuerySet:
        found = NOBODY
        for kind in self.order_by().values_list("object_kind", flat=True).distinct():
            seen = kinds()[kind].objects.visible_to(ctx).values("pk")
            found |= models.Q(object_kind=kind, object_id__in=seen)
        return self.filter(found)


class Attachment(SchoolModel):
    """A photograph or paper of an object; the bytes lie in the file store."""

    kind = "attachment"

    object_kind = models.SlugField(max_length=20, db_index=False)
    object_id = models.BigIntegerField()
    name = models.CharField("文件名", max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("大小")
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField("上传时间")
    void_on = models.DateField("作废日期", null=True, blank=True)
    purged_on = models.DateField("文件清理日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(AttachmentQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = SchoolModel.Meta.constraints
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "object_kind", "object_id"], name="attachment_of")
        ]
        verbose_name = "附件"

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return place_of(self.school_id, self.sha256)

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


class Kept(NamedTuple):
    """A stored file that no record has yet: what a form with a file gives to an action."""

    name: str
    sha256: str
    media_type: str
    size: int


def hang(row: SchoolModel, file: Kept, at: datetime) -> Attachment:
    """A stored file becomes a paper of this row. Inside an action; who may is for the action."""
    paper: Attachment = Attachment.objects.create(
        school_id=row.school_id, object_kind=row.kind, object_id=row.pk, name=file.name[:120], media_type=file.media_type, size=file.size,
        sha256=file.sha256, added_at=at,
    )  # fmt: skip
    return paper


def share(one: SchoolModel, other: SchoolModel, at: datetime) -> list[Attachment]:
    """The papers of one row are papers of another too: the same bytes, kept once. Inside an action."""
    papers = Attachment.objects.filter(object_kind=one.kind, object_id=one.pk, void_on=None)
    made = [
        Attachment(school_id=other.school_id, object_kind=other.kind, object_id=other.pk, added_at=at, **kept)
        for kept in papers.order_by("pk").values("name", "media_type", "size", "sha256")
    ]
    return Attachment.objects.bulk_create(made)  # type: ignore[no-any-return]


def keep(school_id: int, name: str, content: bytes) -> tuple[str, str, int]:
    """Store an upload; returns sha256, media type and size. Pictures are re-encoded: no EXIF, no place, no script.

    :raises Refused: too large, a kind that is not kept, or content that is not what the name says.
    """
    suffix = Path(name).suffix.lower()
    if len(content) > LARGEST:
        raise Refused(f"「{name}」有 {len(content) // 1048576} MB，附件最大 20 MB，请压缩后再传。")
    if suffix in PICTURES:
        media, content = "image/jpeg", _redrawn(name, content)
    elif suffix in TYPES and content.startswith(TYPES[suffix][1]):
        media = TYPES[suffix][0]
    elif suffix in TYPES:
        raise Refused(f"「{name}」打不开，内容不是 {suffix} 文件，请重新导出后再传。")
    else:
        raise Refused(f"「{name}」不是能收的附件，请传照片、PDF、Word、Excel 或 OFD。")
    sha = hashlib.sha256(content).hexdigest()
    store(place_of(school_id, sha), content)
    return sha, media, len(content)


def store(target: Path, content: bytes) -> None:
    """Write bytes so that the name never stands for half a file."""
    if target.exists():
        target.touch()  # wanted again: a cleaning that runs at this moment leaves it (`privacy.purge`)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    Path(out.name).replace(target)


def folder_of(school_id: int) -> Path:
    return Path(settings.DATA) / "files" / str(school_id)


def place_of(school_id: int, sha: str) -> Path:
    return folder_of(school_id) / sha[:2] / sha


def _redrawn(name: str, content: bytes) -> bytes:
    from PIL import Image, ImageOps, UnidentifiedImageError  # heavy

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(f"「{name}」的像素太多，请用手机普通照片。")
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is never opened whole
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, *BROKEN) as broken:
        raise Refused(f"「{name}」不是能打开的照片，请重新拍一张。") from broken
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=85)
    return out.getvalue()
