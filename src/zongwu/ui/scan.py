"""Scanning, the server's half: the service worker, and a photograph decoded where the page is not encrypted."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime

from zongwu.kernel import attachments
from zongwu.kernel.errors import Refused

WASM = {"script-src": ["'wasm-unsafe-eval'"]}
"""What the decoder of the scan page needs of the content policy, on that page alone (decisions 22)."""
LARGEST = 12 * 1024 * 1024


@cache
def _worker() -> bytes:
    return (Path(__file__).parent / "static/ui/sw.js").read_bytes()


def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from the root so that it serves every school's field pages."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def decode(name: str, content: bytes) -> list[str]:
    """Every code in a photograph: labels' QR codes, and bar codes.

    :raises Refused: no photograph, too large, or no code to be seen.
    """
    import zxingcpp  # heavy
    from PIL import Image, ImageOps, UnidentifiedImageError  # heavy

    if len(content) > LARGEST:
        raise Refused("照片太大，请用手机普通照片，12 MB 以内。")
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > 80_000_000:
                raise Refused("照片的像素太多，请用手机普通照片。")
            upright = ImageOps.exif_transpose(picture).convert("L")
    except (UnidentifiedImageError, Image.DecompressionBombError, *attachments.BROKEN) as broken:
        raise Refused(f"「{name}」不是能打开的照片，请重新拍一张。") from broken
    upright.thumbnail((2400, 2400))
    found = [one.text.strip() for one in zxingcpp.read_barcodes(upright) if one.text.strip()]
    if not found:
        raise Refused("照片里没有看到编号。请把标签拍正、拍清楚，一张拍一两个标签。")
    return list(dict.fromkeys(found))


def moment_of(text: str) -> datetime | None:
    """The phone's own clock, kept as it is; nothing where it cannot be read, or says a century that no phone is in."""
    try:
        found = parse_datetime(text)
        moment = found.astimezone(UTC) if found is not None and found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
    return moment if moment is not None and 2000 <= moment.year < 2100 else None


def quantity_of(text: str) -> Decimal | None:
    """:raises Refused: no number, or none that a room can hold."""
    if not text.strip():
        return None
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number < 10**8 or number != round(number, 3):
        raise Refused("数量要填数字，如 43。")
    return number
