"""How the verbs of this package and of the kernel are told."""

from zongwu.kernel import (
    memberships,  # noqa: F401 - its verbs are told here, since the kernel knows no page
    privacy,  # noqa: F401
    rights,
)
from zongwu.kernel.approvals import actions as approvals  # noqa: F401
from zongwu.kernel.approvals import editing  # noqa: F401
from zongwu.ui import actions  # noqa: F401
from zongwu.ui.history import say

say("ui.view_saved", "存视图", icon="bookmark")
say("ui.view_removed", "删除视图", icon="bookmark")
say("ui.columns_chosen", "选择列", icon="columns-3")
say("ui.notices_read", "看过通知", icon="bell", text="{count} 条")
say("ui.file_attached", "添加附件", icon="paperclip", tone="info")
say("ui.file_removed", "撤下附件", icon="paperclip")

say("school.token_issued", "发接口令牌", icon="plug-connected", tone="warn")
say("school.token_revoked", "作废接口令牌", icon="plug-connected")
say("school.invited", "邀请开通账号", icon="send", tone="info")
say("school.joined", "开通账号", icon="user-check", tone="ok")
say("school.password_renewed", "凭邀请重设密码", icon="lock", tone="info")
say("school.membership_disabled", "停用账号", icon="lock", tone="warn")
say("school.membership_enabled", "恢复账号", icon="user-check", tone="ok")
say("school.membership_ended", "收回账号和岗位", icon="logout", tone="warn", text="自 {on} 起")
say("school.role_held", "任岗位", icon="user-plus", tone="info", text="{role}，自 {from_on} 起")
say("school.role_released", "免岗位", icon="user-share", text="{role}，到 {until_on} 为止")
say("role.added", "添岗位", icon="plus", tone="ok", text="照「{like}」；权限：{added}", read=rights.spoken)
say("role.grants_set", "改权限", icon="lock", tone="warn", text="加上：{added}；去掉：{removed}", read=rights.spoken)
say("role.renamed", "改名称", icon="edit")
say("role.retired", "撤销岗位", icon="ban")
say("posts.separated", "定不相容岗位", icon="users", tone="warn", text="{one} 与 {other}")
say("posts.joined", "解除不相容", icon="arrow-back-up", text="{one} 与 {other}")
say("privacy.erase", "抹去个人详情", icon="eraser", tone="warn", text="日志详情 {entries} 条")
say("privacy.purged", "清理过期数据", icon="eraser", text="导入 {runs} 次，提交凭据 {keys} 条，文件 {files} 个")
say("approval.agreed", "同意", icon="check", tone="ok", text="{stage}")
say("approval.handled", "办好", icon="check", tone="ok", text="{stage}")
say("approval.resolved", "会议决定", icon="users", tone="ok", text="{stage}")
say("approval.replied", "登记批复", icon="file-certificate", tone="ok", text="{stage}")
say("approval.passed", "审批通过", icon="checks", tone="ok", text="{stage}")
say("approval.refused", "拒绝", icon="x", tone="bad", text="{stage}")
say("approval.returned", "退回", icon="arrow-back-up", tone="back", text="{stage}；退到{to}")
say("approval.passed_on", "转交", icon="user-share", tone="info", text="{stage}；交给{to}")
say("approval.added", "加签", icon="user-plus", tone="info", text="{stage}；请{added}签")
say("approval.copied", "抄送", icon="send", text="给{to}")
say("approval.read", "已阅", icon="eye")
say("approval.urged", "催办", icon="bell-ringing", tone="warn", text="催{urged}")
say("approval.asked_back", "申请撤回", icon="arrow-back-up", tone="warn")
say("approval.reassigned", "换人签", icon="user-question", tone="warn", text="{stage}；{former}换成{to}")
say("approval.kept", "不同意撤回", icon="x")
say("approval.consented", "同意撤回", icon="arrow-back-up", tone="back")
say("approval.withdrew", "撤回", icon="arrow-back-up", tone="back")
say("approval.deputised", "委托代办", icon="user-share", tone="info", text="委托{deputy}；自 {from_on} 至 {until_on}")
say("approval.deputy_ended", "结束委托", icon="x")
say("route.added", "添审批路线", icon="plus", tone="ok", text="{stages} 步")
say("route.revised", "改审批路线", icon="edit", tone="warn", text="第 {version} 版；{stages} 步")
say("route.retired", "停用审批路线", icon="ban")
