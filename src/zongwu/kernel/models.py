"""Django looks for models here; each mechanism keeps its own beside its code."""

from zongwu.kernel.accounts import Account, Grant, Holding, Invitation, Membership, Person, Role
from zongwu.kernel.actions import IdempotencyKey
from zongwu.kernel.approvals.models import Case, CaseContent, Copy, Decision, Deputy, Task
from zongwu.kernel.approvals.prescribed import Route, Signer, Stage
from zongwu.kernel.attachments import Attachment
from zongwu.kernel.codes import PublicCode
from zongwu.kernel.installation import Installation
from zongwu.kernel.jobs import Job
from zongwu.kernel.journal import JournalDetail, JournalEntry, JournalHead, JournalSubject
from zongwu.kernel.notify import Notice
from zongwu.kernel.numbering import Counter
from zongwu.kernel.privacy import Purge
from zongwu.kernel.scope import School
from zongwu.kernel.search import SearchEntry
from zongwu.kernel.separation import IncompatiblePosts
from zongwu.kernel.tokens import ApiToken
from zongwu.kernel.transfer.runs import ImportRow, ImportRun

__all__ = [
    "Account", "ApiToken", "Attachment", "Case", "CaseContent", "Copy", "Counter", "Decision", "Deputy", "Grant", "Holding", "IdempotencyKey", "ImportRow", "ImportRun",
    "IncompatiblePosts", "Installation", "Invitation", "Job",
    "JournalDetail", "JournalEntry", "JournalHead", "JournalSubject", "Membership", "Notice", "Person", "PublicCode", "Purge", "Role",
    "Route", "School", "SearchEntry", "Signer", "Stage", "Task",
]  # fmt: skip
