"""Typst, called in one place: the font that this machine has, the data beside the template, the same bytes each time.

Templates are constants of the program. What people typed reaches them only as JSON in `sys.inputs.data`, so that it
stays text whatever it contains. Nothing is read from the network: templates import no packages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from zongwu.kernel.errors import Refused

if TYPE_CHECKING:
    from typst import Fonts

Face = Literal["sans", "serif"]

FAMILIES: Mapping[Face, tuple[str, ...]] = {
    "sans": (
        "Noto Sans CJK SC", "Noto Sans SC", "Noto Sans Hans", "Source Han Sans SC", "Source Han Sans CN",
        "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "HarmonyOS Sans SC", "SimHei", "STHeiti",
        "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
    ),
    "serif": (
        "FangSong", "STFangsong", "SimSun", "NSimSun", "STSong", "Songti SC", "Noto Serif CJK SC", "Noto Serif SC",
        "Source Han Serif SC", "Source Han Serif CN", "AR PL UMing CN",
    ),
}  # fmt: skip
"""Chinese families of Linux, Windows and macOS, best first."""

LIKELY = re.compile(r"CJK|Hans|[黑宋楷仿]|(Hei|Song|Kai|Ming|GB|SC|CN)\b")
"""The name of a family with Chinese characters, for a machine that has none of those above."""

STEADY = 946684800
"""The moment written into every file, 2000-01-01T00:00Z in Unix seconds, so that equal content is equal bytes."""


class NoCjkFont(Refused):
    """This machine has no font with Chinese characters: nothing is printed rather than boxes."""

    def __init__(self) -> None:
        super().__init__(
            "这台电脑上没有中文字体，打印出来会是一个个方框。Linux 请安装 fonts-noto-cjk 或 fonts-wqy-microhei；"
            "Windows 请确认 C:\\Windows\\Fonts 里有宋体、黑体或微软雅黑。装好后重新启动本系统，再打印一次。"
        )


def to_pdf(template: str, data: Any, *, face: Face = "sans", root: Path | None = None) -> bytes:
    """The template as PDF. It reads `data` by `json(bytes(sys.inputs.data))`, pictures from beneath `root`, and writes in a Chinese font.

    Raises NoCjkFont; a fault in the template is typst's own TypstError.
    """
    return _compile(template, data, face, format="pdf", timestamp=STEADY, **({"root": str(root)} if root else {}))


def to_png(template: str, data: Any, *, dpi: int, face: Face = "sans") -> bytes:
    """The template's only page as PNG of so many dots an inch; otherwise as `to_pdf`."""
    return _compile(template, data, face, format="png", ppi=dpi)


def family(face: Face) -> str:
    """The best Chinese family of this machine: of the wanted face, else of the other. Raises NoCjkFont."""
    return best(_fonts().families(), face)


def best(families: Iterable[str], face: Face) -> str:
    """The best Chinese family among these names. Raises NoCjkFont."""
    present = set(families)
    other: Face = "serif" if face == "sans" else "sans"
    known = (name for name in (*FAMILIES[face], *FAMILIES[other]) if name in present)
    likely = (name for name in sorted(present) if LIKELY.search(name))
    found = next(known, None) or next(likely, None)
    if found is None:
        raise NoCjkFont
    return found


@cache
def _fonts() -> Fonts:
    """The fonts of this machine: 0.1 to 0.3 s, once a process."""
    import typst  # heavy

    return typst.Fonts()


def _compile(template: str, data: Any, face: Face, **output: Any) -> bytes:
    import typst  # heavy

    font = json.dumps(family(face), ensure_ascii=False)
    source = f'#set text(font: {font}, lang: "zh", region: "cn")\n{template}'
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    made: bytes = typst.compile(source.encode(), font_paths=_fonts(), sys_inputs=inputs, **output)
    return made
