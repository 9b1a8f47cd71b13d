"""The `zongwu` command. See `site/commands` for what each does."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 on success, 1 when something was refused or found, 2 on wrong usage."""
    os.umask(0o077)  # what a school writes is the school's
    given = argparse.Namespace(data=None, database=None, school=None, json=None)
    options = _parser().parse_args(_told_json(sys.argv[1:] if arguments is None else arguments), given)
    if options.data:
        os.environ["ZONGWU_DATA"] = str(options.data)
    elif options.command == "demo":
        os.environ["ZONGWU_DATA"] = str(Path.home() / ".cache" / "zongwu-demo")
    if options.database:
        os.environ["ZONGWU_DATABASE"] = options.database
    if options.command == "demo":
        os.environ["ZONGWU_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zongwu.site.settings")

    import django

    django.setup()
    from zongwu.kernel.errors import Forbidden, Missing, Refused
    from zongwu.kernel.transfer.workbook import Unreadable
    from zongwu.site import commands

    try:
        return commands.run(options)
    except (Refused, Forbidden, Missing, Unreadable) as no:
        print(no, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except (FileNotFoundError, NotADirectoryError, PermissionError, IsADirectoryError) as failed:
        print(f"写不了或读不了 {failed.filename}：请看看文件夹在不在、有没有权限。", file=sys.stderr)
        return 1


def _told_json(arguments: Sequence[str]) -> list[str]:
    """`--json` takes a file only where the next word plainly is one; `--json figures` and `rows --json KEY` mean the screen."""
    words = list(arguments)
    for at, word in enumerate(words):
        if word == "--json":
            following = words[at + 1] if at + 1 < len(words) else ""
            is_file = (
                following == "-"
                or following.endswith(".json")
                or (os.sep in following and not Path(following).exists())
            )
            if not is_file:
                words[at] = "--json=-"
    return words


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in the school's language."""

    def error(self, message: str) -> NoReturn:
        for english, chinese in _USAGE:
            message = re.sub(english, chinese, message)
        self.exit(2, f"用法不对：{message}。\n{self.format_usage()}")


_USAGE = (
    (r"the following arguments are required: (.*)", r"还缺 \1"),
    (r"argument (\S+): invalid choice: (\S+) \(choose from (.*)\)", r"\1 没有 \2，可以是 \3"),
    (r"argument (\S+): invalid int value: (\S+)", r"\1 要写数字，不是 \2"),
    (r"argument (\S+): expected one argument", r"\1 后面要写一个值"),
    (r"unrecognized arguments: (.*)", r"不认得 \1"),
)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"端口是 1 到 65535 的数字，不是 {text}")
    return int(text)


def _shared() -> _Parser:
    """Options that may stand before or after the command; made anew for each level, since parsers share what they inherit."""
    shared = _Parser(add_help=False)
    for flag, text in (
        ("--data", "数据目录"),
        ("--database", "PostgreSQL 地址"),
        ("--school", "学校代号，只有一所时不用写"),
    ):
        shared.add_argument(flag, default=argparse.SUPPRESS, help=text)
    shared.add_argument("--json", nargs="?", const="-", default=argparse.SUPPRESS, metavar="FILE", help="输出 JSON")
    return shared


def _interface(verb: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """What other programs need."""
    token = verb("token", "接口令牌：不带参数列出，--person 发一个，--revoke 作废一个")
    token.add_argument("--person", default="", help="谁的令牌：姓名或工号")
    token.add_argument("--name", default="接口", help="用途")
    token.add_argument("--days", type=int, default=90)
    token.add_argument("--write", action="store_true", help="不只看，也能办事")
    token.add_argument("--revoke", type=int, default=None, metavar="ID")
    invite = verb("invite", "一次性地址：开通账号，或忘了密码的人重设")
    invite.add_argument("person", help="姓名或工号")
    verb("openapi", "接口的 OpenAPI 描述").add_argument("-o", "--output", required=True)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser("zongwu", description="总务：学校总务处的日常、台账与学期总结", parents=[_shared()])
    verbs = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def verb(name: str, text: str) -> argparse.ArgumentParser:
        return verbs.add_parser(name, help=text, description=text, parents=[_shared()])

    init = verb("init", "建立数据库和学校，给出第一位管理员的一次性地址")
    init.add_argument("--name", required=True, help="学校名称")
    init.add_argument("--kind", default="primary", choices=["primary", "junior", "nine_year", "senior", "complete"])
    init.add_argument("--region", default="", help="所在地区")
    init.add_argument("--admin", default="管理员", help="第一位管理员的姓名")
    init.add_argument("--code", default="", help="网址里的学校代号，小写字母和数字")
    demo = verb("demo", "示范学校：重放一个学期，写出总结，然后开服务")
    demo.add_argument("--no-serve", action="store_true")
    serve = verb("serve", "网站和后台工作，一个命令")
    for command in (demo, serve):
        command.add_argument("--host", default="127.0.0.1", help="听哪个地址，0.0.0.0 是全部")
        command.add_argument("--port", type=_port, default=8000, help="端口")
    verb("kinds", "可以导入导出的表")
    template = verb("template", "带字典和说明的空表")
    template.add_argument("kind")
    template.add_argument("-o", "--output", required=True)
    taking = verb("import", "预览或导入一个表格")
    taking.add_argument("kind")
    taking.add_argument("file")
    taking.add_argument("--term", default=None)
    taking.add_argument("--dry-run", action="store_true", help="只看，不写")
    taking.add_argument("--again", action="store_true", help="同一个文件已经导入过，也再写一遍")
    undo = verb("undo-import", "整批撤销一次导入")
    undo.add_argument("id", type=int)
    export = verb("export", "导出，原样可以再导入")
    export.add_argument("kind")
    export.add_argument("-o", "--output", required=True)
    export.add_argument("--filter", action="append", default=[], metavar="KEY=VALUE")
    figures = verb("figures", "全部数字")
    figures.add_argument("--as-of", default=None, metavar="DATE")
    figures.add_argument("--area", default=None)
    rows = verb("rows", "一个数字背后的记录")
    rows.add_argument("key")
    summary = verb("summary", "学期总结")
    summary.add_argument("-o", "--output", default=None, metavar="FILE.docx")
    summary.add_argument("--text", action="store_true", help="打印句子和每句背后的数字")
    for command in (figures, rows, summary):
        command.add_argument("--term", default=None, help="2026春 或 2026秋")
    doctor = verb("doctor", "检查数据")
    doctor.add_argument("--reindex", action="store_true", help="先重建检索索引")
    _interface(verb)
    verify = verb("verify", "核对日志链")
    verify.add_argument("--anchor", default=None, metavar="FILE", help="再对照以前导出的链尾")
    for name, text in (("backup", "热备份，写完就核对"), ("restore", "恢复备份，先核对再启用")):
        verb(name, text).add_argument("file")
    anchor = verb("anchor", "导出签过名的链尾")
    anchor.add_argument("-o", "--output", required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
