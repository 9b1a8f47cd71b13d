"""What each command does. The contract: results on standard output, everything else on standard error."""

from __future__ import annotations

import argparse

from zongwu.site.commands import care, demo, interface, school, serve, summary, transfer

COMMANDS = {
    "init": school.init,
    "demo": demo.demo,
    "serve": serve.serve,
    "kinds": transfer.kinds,
    "template": transfer.template,
    "import": transfer.take_in,
    "undo-import": transfer.undo,
    "export": transfer.export,
    "figures": summary.figures,
    "rows": summary.rows,
    "summary": summary.summary,
    "doctor": care.doctor,
    "verify": care.verify,
    "anchor": care.anchor,
    "backup": care.backup,
    "restore": care.restore,
    "openapi": interface.openapi,
    "token": interface.token,
    "invite": interface.invite,
}


def run(options: argparse.Namespace) -> int:
    """Carry out the parsed command; returns the exit code."""
    return COMMANDS[options.command](options)
