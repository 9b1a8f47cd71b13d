"""A section's text as a person edits it: figures stand as 〔固定资产卡片〕, not as keys."""

from __future__ import annotations

import re

from zongwu.kernel.figures import BREAKDOWNS, FIGURES

_SLOT = re.compile(r"\{([a-z_]+\.[a-z_0-9]+)\}")
_CUT = re.compile(r"〔(图|表) ([a-z_]+\.[a-z_0-9]+)〕")
_WORDS = re.compile(r"〔(?:(图|表) )?([^〔〕]+)〕")


def to_words(body: str) -> str:
    """Keys → labels; a key that no domain offers any more stays as it is."""
    body = _CUT.sub(lambda m: f"〔{m[1]} {BREAKDOWNS[m[2]].label}〕" if m[2] in BREAKDOWNS else m[0], body)
    return _SLOT.sub(lambda m: f"〔{FIGURES[m[1]].label}〕" if m[1] in FIGURES else m[0], body)


def from_words(text: str) -> str:
    """Labels → keys; a label that nothing has becomes a slot that the action refuses by name."""
    figures = {figure.label: figure.key for figure in FIGURES.values()}
    cuts = {breakdown.label: breakdown.key for breakdown in BREAKDOWNS.values()}

    def key(found: re.Match[str]) -> str:
        if found[1]:
            return f"〔{found[1]} {cuts.get(found[2], found[2])}〕"
        return f"{{{figures[found[2]]}}}" if found[2] in figures else found[0]

    return _WORDS.sub(key, text)


def unknown(text: str) -> list[str]:
    """Labels in 〔〕 that no figure and no breakdown has."""
    figures = {figure.label for figure in FIGURES.values()} | {figure.key for figure in FIGURES.values()}
    cuts = {b.label for b in BREAKDOWNS.values()} | {b.key for b in BREAKDOWNS.values()}
    return [words for mark, words in _WORDS.findall(text) if words not in (cuts if mark else figures)]
