"""Pinyin for sorting and for typing initials (「ck」 finds 仓库)."""

from functools import lru_cache


@lru_cache(maxsize=50_000)
def sort_key(text: str) -> str:
    """Full pinyin without tones, lower case: 张老师 → `zhang lao shi`. Heteronyms follow the phrase."""
    return " ".join(_syllables(text)).lower()[:80]


@lru_cache(maxsize=50_000)
def initials(text: str) -> str:
    """First letters: 触控一体机 → `ckytj`; digits and Latin letters stay."""
    return "".join(part[0] if char >= "\u3400" else part for char, part in _pairs(text)).lower()


def _syllables(text: str) -> list[str]:
    from pypinyin import lazy_pinyin  # heavy: 57 MB of dictionaries

    syllables: list[str] = lazy_pinyin(text)
    return syllables


def _pairs(text: str) -> list[tuple[str, str]]:
    """Runs as pypinyin cuts them: one syllable a Chinese character, one run for everything between."""
    from pypinyin import Style, lazy_pinyin

    found, at = [], 0
    for part in lazy_pinyin(text, style=Style.FIRST_LETTER):
        char = text[at] if at < len(text) else ""
        if char >= "\u3400":
            found.append((char, part or char))
            at += 1
        else:
            found.append(("", "".join(c for c in part if c.isalnum())))
            at += len(part)
    return found
