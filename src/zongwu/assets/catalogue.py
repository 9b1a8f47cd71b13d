"""GB/T 14885-2022 as schools need it: codes, everyday words, lives. Data, loaded once; see `assets/data/`."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Entry(NamedTuple):
    """A class of the standard, and whether the word that led there leaves no doubt."""

    code: str
    name: str
    sure: bool = True


def _rows(file: str) -> list[dict[str, str]]:
    text = files("zongwu.assets").joinpath("data", file).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


@cache
def names() -> dict[str, str]:
    """Code → official name."""
    return {row["code"]: row["name"] for row in _rows("gbt14885_subset.csv")}


def name_of(code: str) -> str | None:
    """The official name; None for a code that the standard does not have."""
    return names().get(code) or next((e.name for e in _everyday().values() if e.code == code), None)


def group_name(code: str) -> str:
    """The second-level class of a code, such as 信息化设备."""
    return names().get(f"{code[:5]}0000") or names().get(f"{code[:3]}000000") or code


@cache
def _everyday() -> dict[str, Entry]:
    """Everyday word → entry. `空调(分体/柜机)` also gives 空调, `警棍/强光手电` both; such parts are not sure."""
    words: dict[str, Entry] = {}
    for row in _rows("school_asset_aliases.csv"):
        if not row["code"]:
            continue
        entry = Entry(row["code"], row["official_name"], row["match"] != "uncertain")
        words[row["common_name"]] = entry
        for word in re.sub(r"[(（].*?[)）]", "", row["common_name"]).split("/"):
            words.setdefault(word.strip(), entry._replace(sure=False))
    return words


@cache
def _official() -> dict[str, Entry]:
    """Official name → its most exact class; a name that two branches share is nobody's."""
    found: dict[str, list[str]] = {}
    for code, name in names().items():
        found.setdefault(name, []).append(code)
    return {name: Entry(codes[0], name) for name, codes in found.items() if len(codes) == 1}


def category_of_name(name: str) -> str | None:
    """The code of a thing by its exact everyday or official name; None unless that leaves no doubt.

    A suggestion all the same: a person confirms it before it decides a life (decisions 25).
    """
    known = (_everyday().get(name), _official().get(name))
    return next((entry.code for entry in known if entry and entry.sure), None)


def search(word: str) -> list[Entry]:
    """Classes for an everyday word: the one that is called so, else all that come near, everyday words first."""
    exact = _everyday().get(word) or _official().get(word)
    if exact or not word:
        return [exact] if exact else []
    near = [entry for known, entry in _everyday().items() if word in known or known in word]
    near += [Entry(code, name, sure=False) for code, name in names().items() if word in name]
    found: dict[str, Entry] = {}
    for entry in near:
        found.setdefault(entry.code, entry)
    return list(found.values())


@cache
def _lives() -> dict[str, int]:
    """Code prefix → shortest life in years; buildings are left out, their life follows the structure."""
    return {
        row["code_prefix"]: int(row["minimum_life_years"])
        for row in _rows("depreciation_lives.csv")
        if row["code_prefix"] and row["code_prefix"] != "A0101"
    }


def life_months(code: str) -> int | None:
    """The shortest life that the rule allows, in months; None where the class has none (buildings, books, land)."""
    years = _lives().get(code[:5])
    return years * 12 if years else None
