"""What the house says no with. Each error is a sentence for a person: what, where, how to mend."""

from collections.abc import Sequence


class Refused(Exception):
    """The rules say no. Every problem is told at once, optionally by form field; nothing was written."""

    def __init__(self, *problems: str, fields: dict[str, str] | None = None) -> None:
        self.fields = fields or {}
        self.problems: Sequence[str] = [*problems, *self.fields.values()]
        super().__init__("；".join(self.problems))


class NeedsConfirmation(Refused):
    """Allowed, but the person must tick that he means it; `confirmed=True` goes through."""


class Conflict(Refused):
    """The row changed since the person saw it, or a key was used again for something else (409)."""


class Forbidden(Exception):
    """An own row without the right to do this (403)."""

    def __init__(self, sentence: str = "没有权限做这件事，请找学校管理员给您的岗位加上。") -> None:
        super().__init__(sentence)


class Missing(LookupError):
    """No such row for this person: unknown, void or another school's (404). The three cannot be told apart."""

    def __init__(self, sentence: str = "找不到这条记录，可能已作废，或不归您看。") -> None:
        super().__init__(sentence)
