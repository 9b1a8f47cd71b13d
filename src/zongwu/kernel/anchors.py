"""Signed heads of every chain, to be kept outside this machine: against a rewrite of the whole chain nothing else helps."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from zongwu.kernel import clock
from zongwu.kernel.errors import Refused
from zongwu.kernel.installation import Installation
from zongwu.kernel.journal import Break, JournalEntry, JournalHead
from zongwu.kernel.scope import School, all_schools


def anchor_of() -> str:
    """A JSON document: the heads, when, of which installation, the signature (Ed25519) and the public key."""
    with all_schools("an anchor covers the whole installation"):
        codes = dict(School.objects.values_list("pk", "code"))
        heads = [
            {"school": codes[head.school_id], "stream": head.stream, "seq": head.seq, "head": bytes(head.hash).hex()}
            for head in JournalHead.objects.order_by("school_id", "stream")
        ]
    installation = Installation.objects.get()
    body = {
        "v": 1,
        "installation": installation.number,
        "at": clock.now().isoformat(timespec="seconds"),
        "heads": heads,
    }
    key = _key()
    signature = key.sign(json.dumps(body, sort_keys=True, separators=(",", ":")).encode())
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    signed = body | {"key": base64.b64encode(public).decode(), "signature": base64.b64encode(signature).decode()}
    return json.dumps(signed, ensure_ascii=False, indent=1) + "\n"


def _key() -> Ed25519PrivateKey:
    """The installation's signing key, outside the database and readable by its owner only."""
    file = Path(settings.DATA) / "anchor.key"
    if file.exists():
        return Ed25519PrivateKey.from_private_bytes(file.read_bytes())
    key = Ed25519PrivateKey.generate()
    raw = key.private_bytes(serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(raw)
    return key


def against(text: str) -> Iterator[Break]:
    """Hold an anchor that was kept elsewhere against the chains: the only proof against a rewrite of a whole chain.

    :raises Refused: the file is no anchor, or its signature does not fit.
    """
    try:
        signed = json.loads(text)
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signed.pop("key")))
        signature = base64.b64decode(signed.pop("signature"))
        key.verify(signature, json.dumps(signed, sort_keys=True, separators=(",", ":")).encode())
        heads = signed["heads"]
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature) as wrong:
        raise Refused("这个文件不是链尾文件，或者被改过，签名对不上。") from wrong
    with all_schools("an anchor covers the whole installation"):
        for head in heads:
            if not head["seq"]:
                continue
            found = JournalEntry.objects.filter(
                school__code=head["school"], stream=head["stream"], seq=head["seq"]
            ).first()
            if found is None:
                yield Break(head["stream"], head["seq"], f"{signed['at']} 时有这一条，现在没有了")
            elif bytes(found.hash).hex() != head["head"]:
                yield Break(head["stream"], head["seq"], f"与 {signed['at']} 时的不同，整条链被换过")
