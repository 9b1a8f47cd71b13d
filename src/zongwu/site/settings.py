"""Django settings. What differs between installations comes from `env`; rules that schools set are data, not settings."""

import os
import sys
import tempfile

from zongwu.sqlite import prefer_safe_sqlite

prefer_safe_sqlite()

from csp.constants import NONE, SELF  # noqa: E402 - the database driver is chosen first

from zongwu.site import env  # noqa: E402

TESTING = "pytest" in sys.modules
if TESTING:
    os.environ.setdefault("ZONGWU_DATA", tempfile.mkdtemp(prefix="zongwu-test-"))
DATA = env.data_folder()
SECRET_KEY = env.secret_key(DATA)
SITE_URL = os.environ.get("ZONGWU_SITE_URL", "http://localhost:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
DEBUG = False
ALLOWED_HOSTS = ["*"] if not HTTPS else [SITE_URL.split("/")[2].split(":")[0], "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
FIXED_NOW = env.fixed_now(DATA, allowed=TESTING or os.environ.get("ZONGWU_DEMO") == "1")

INSTALLED_APPS = [
    "zongwu.kernel",
    "zongwu.ui",
    "zongwu.school",
    "zongwu.checks",
    "zongwu.assets",
    "zongwu.stores",
    "zongwu.purchasing",
    "zongwu.repairs",
    "zongwu.safety",
    "zongwu.summary",
    "zongwu.site",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "zongwu.ui.compress.WordsOnly",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "zongwu.ui.request.SchoolMiddleware",
]
ROOT_URLCONF = "zongwu.site.urls"
WSGI_APPLICATION = "zongwu.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "zongwu.ui.request.shell",
            ],
            "builtins": ["zongwu.ui.templatetags.kit"],
        },
    }
]

DATABASES = env.databases(DATA)
DATABASE_ROUTERS = ["zongwu.kernel.scope.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache"}}
if TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend" if TESTING else "django_tasks_db.DatabaseBackend"
    }
}

AUTH_USER_MODEL = "kernel.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CSRF_FAILURE_VIEW = "zongwu.ui.answers.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "zongwu.site.accounts.Adapter"
ACCOUNT_FORMS = {
    "login": "zongwu.site.accounts.LoginForm",
    "change_password": "zongwu.site.accounts.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# One school is one address to the outside: an account is throttled tightly for one address (`Adapter`), the address loosely.
# So many proxies of our own stand before us and name the address from which somebody comes.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("ZONGWU_PROXIES", "0"))
# `report`: reports without a login (repairs/plates.py).
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "300/m/ip,6/5m/key", "report": "30/10m/ip"}
MFA_TOTP_ISSUER = "总务"
SESSION_COOKIE_AGE = 30 * 86400
SESSION_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = False
    SECURE_HSTS_SECONDS = 31536000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = None  # whitenoise serves what lies in the packages; nothing is collected
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a room of many things, each with its marks
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
