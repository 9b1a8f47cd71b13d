"""Files of other projects are exactly those of their release, and pages load nothing from elsewhere."""

import hashlib
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[1]
UI = ROOT / "src/zongwu/ui/static"
VENDORED = [UI / "vendor", ROOT / "tests/browser/vendor"]
SVG = "{http://www.w3.org/2000/svg}"

LOADS_FROM_ELSEWHERE = re.compile(
    r"""(?:\b(?:src|srcset)\s*=\s*["']?|<link\b[^>]*href\s*=\s*["']?|url\(\s*["']?|\bimport\s*\(?\s*["']|\bfrom\s*["']"""
    r"""|@import\s*["']|importScripts\(\s*["'])(?:https?:)?//"""
    r"""|\b(?:unpkg\.com|jsdelivr\.net|cdnjs\.|cdn\.)"""
)


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["packages"]


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.parent.name)
def test_every_file_is_the_one_of_its_release(folder):
    promised = {file: digest for package in manifest(folder) for file, digest in package["files"].items()}
    present = {path.name for path in folder.iterdir()} - {"manifest.json"}
    assert present == set(promised)
    for file, digest in promised.items():
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == digest, file


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.parent.name)
def test_every_package_has_name_version_licence_and_its_text(folder):
    for package in manifest(folder):
        assert package["name"]
        assert package["version"]
        assert package["licence"]
        assert any("LICENSE" in file for file in package["files"]), package["name"]


def texts():
    kinds = {".js", ".css", ".html", ".svg"}
    folders = [ROOT / "src", ROOT / "tests/browser/vendor"]
    return sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in kinds)


NAMED = {"zxing-reader.js"}
"""Has an address of its own to fall back to: `scan.js` always gives another, and the content policy allows no other."""


def test_where_an_address_is_named_it_is_never_used():
    assert "locateFile: () => page.dataset.wasm" in (UI / "ui/scan.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", [path for path in texts() if path.name not in NAMED], ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_nothing_is_loaded_from_elsewhere(path):
    text = path.read_text(encoding="utf-8")
    assert "sourceMappingURL" not in text  # the file it names is not here: hashed static storage would fail
    assert not LOADS_FROM_ELSEWHERE.search(text)


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://example.org/a.js">',
        '<link rel="stylesheet" href="//example.org/a.css">',
        "@import 'https://example.org/a.css'",
        "body{background:url(https://example.org/a.png)}",
        'await import("https://example.org/a.js")',
        "const base = 'unpkg.com/thing'",
    ],
)
def test_a_load_from_elsewhere_would_be_noticed(text):
    assert LOADS_FROM_ELSEWHERE.search(text)


def test_icons_can_be_used_by_reference():
    """Ids are unique, and drawings have no colour of their own: they take that of the text around them."""
    symbols = ElementTree.parse(UI / "ui/icons.svg").getroot().findall(f"{SVG}symbol")
    ids = [symbol.get("id") for symbol in symbols]
    assert ids == sorted(set(ids))
    for symbol in symbols:
        assert symbol.get("viewBox") == "0 0 24 24"
        assert re.fullmatch(r"i-[a-z0-9]+(-[a-z0-9]+)*", symbol.get("id"))
        assert not any(set(part.attrib) & {"fill", "stroke", "style", "class"} for part in symbol.iter())
