"""How allauth behaves here: nobody signs himself up, and every way in ends at the choice of a school."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from django.db.models import Q
from django.http import HttpRequest

from zongwu.kernel import clock, scope
from zongwu.kernel.accounts import Holding
from zongwu.ui.public import YEAR


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation only (`kernel.memberships`)."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "账号或密码不对，请再看一遍。忘了密码，请学校管理员发一次邀请。",
        "too_many_login_attempts": "连续输错太多次，请过五分钟再试。",
        "account_inactive": "这个账号已停用，请联系学校管理员。",
        "incorrect_code": "验证码不对，请看一下手机上现在的六位数字。",
        "incorrect_password": "密码不对。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords count per account and address, so that a stranger elsewhere cannot lock the owner out."""
        return f"{self.get_client_ip(request)}:{super()._get_login_attempts_cache_key(request, **credentials)}"

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return "/accounts/login/"

    def post_login(self, request: HttpRequest, user: Any, **keywords: Any) -> Any:
        """大字版 for whoever is nothing but a worker or a guard, until he says otherwise on this device."""
        response = super().post_login(request, user, **keywords)
        if "elder" not in request.COOKIES and _works_outside(user.pk):
            response.set_cookie("elder", "1", max_age=YEAR, samesite="Lax", secure=request.is_secure())
        return response

    def add_message(self, request: HttpRequest, level: int, *args: Any, **keywords: Any) -> None:
        """allauth's own receipts (“signed in as …”) say nothing that the page does not show."""


def _works_outside(account: int) -> bool:
    today = clock.today()
    with scope.all_schools("an account may belong to several schools"):
        held = Holding.objects.filter(
            Q(until_on=None) | Q(until_on__gt=today), person__memberships__account=account, from_on__lte=today
        )
        codes = set(held.values_list("role__code", flat=True))
    return bool(codes) and codes <= {"worker", "guard"}


class LoginForm(forms.LoginForm):  # type: ignore[misc]
    """The words of the house; the page itself says what to do about a forgotten password."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["login"].label = "账号"
        _plain(self, password="")


class ChangePasswordForm(forms.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["password2"].label = "新密码，再输一遍"
        _plain(self, oldpassword="", password1="")


def _plain(form: Any, **hints: str) -> None:
    """No placeholder that repeats the label, no hint that names a page which does not exist here."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    for name, hint in hints.items():
        form.fields[name].help_text = hint
