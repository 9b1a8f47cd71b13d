"""What a section's text is made of. Pure: text in, pieces out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_SLOT = re.compile(r"\{([a-z_]+\.[a-z_0-9]+)\}")
_BLOCK = re.compile(r"〔(图|表) ([a-z_]+\.[a-z_0-9]+)〕")


class Piece(NamedTuple):
    """Words, or a figure's key."""

    text: str
    is_figure: bool


class Block(NamedTuple):
    """A paragraph with its pieces, or the key of a breakdown to be shown as table or chart."""

    what: Literal["paragraph", "图", "表"]
    pieces: tuple[Piece, ...] = ()
    key: str = ""


def blocks(body: str) -> Iterator[Block]:
    """The paragraphs of a text, one a line; empty lines are nothing."""
    for line in filter(None, map(str.strip, body.splitlines())):
        special = _BLOCK.fullmatch(line)
        if special:
            yield Block("图" if special[1] == "图" else "表", key=special[2])
        else:
            yield Block("paragraph", tuple(pieces(line)))


def pieces(text: str) -> Iterator[Piece]:
    for index, part in enumerate(_SLOT.split(text)):
        if part:
            yield Piece(part, bool(index % 2))


def figure_keys(body: str) -> list[str]:
    """Keys of the figures in a text, in order, each once."""
    return list(dict.fromkeys(_SLOT.findall(body)))


def breakdown_keys(body: str) -> list[str]:
    return list(dict.fromkeys(key for _, key in _BLOCK.findall(body)))


def sentences(body: str) -> Iterator[str]:
    """The sentences of a text with their slots, in order."""
    for line in filter(None, map(str.strip, body.splitlines())):
        if not _BLOCK.fullmatch(line):
            yield from filter(None, re.split(r"(?<=[。！？；])", line))


def with_sentence(body: str, sentence: str) -> str:
    """The text with one sentence more: at the end of the last paragraph, before the tables and charts under it."""
    lines = body.splitlines()
    last = next(
        (at for at in reversed(range(len(lines))) if lines[at].strip() and not _BLOCK.fullmatch(lines[at].strip())),
        None,
    )
    if last is None:
        return "\n".join([sentence, *lines])
    lines[last] += sentence
    return "\n".join(lines)
