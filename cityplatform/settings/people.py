"""Who people are: login, passwords, lockout and sessions (rules 1 to 6 of the privacy page)."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ImproperlyConfigured

from cityplatform.settings import env

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/portal/login/"
LOGIN_REDIRECT_URL = "/portal/"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "apps.accounts.backends.SealedBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "apps.accounts.passwords.ThreeClassesValidator"},
    {"NAME": "apps.accounts.passwords.StrengthValidator", "OPTIONS": {"minimum": 3}},
    {"NAME": "apps.accounts.passwords.HistoryValidator", "OPTIONS": {"last": 5}},
]
PASSWORD_MAX_AGE = timedelta(
    days=env.integer("PASSWORD_MAX_AGE_DAYS", 90, "Days until a password must be changed.")
)
ACCOUNT_IDLE_DAYS = env.integer(
    "ACCOUNT_IDLE_DAYS", 90, "Days without a login after which an account is disabled."
)

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE = timedelta(
    minutes=env.integer("SESSION_IDLE_MINUTES", 30, "Idle minutes until a session ends.")
)
SESSION_IDLE_ADMIN = timedelta(
    minutes=env.integer("SESSION_IDLE_ADMIN_MINUTES", 15, "The same for administrators.")
)
SESSION_ABSOLUTE = timedelta(hours=env.integer("SESSION_ABSOLUTE_HOURS", 12, "Hours until any session ends."))

# One clerk behind the office address must not lock out the others: user AND address together.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "apps.accounts.lockout.locked_out_response"
AXES_CLIENT_IP_CALLABLE = "apps.accounts.lockout.client_address"  # never a header that the caller writes
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # its tables hold typed names; the access log says what an auditor needs

SECOND_FACTOR = env.text(
    "SECOND_FACTOR",
    "required",
    "required: for whoever can reveal, export, approve or administer; offered: for demonstrations only.",
)
if SECOND_FACTOR not in {"required", "offered"}:
    raise ImproperlyConfigured(f"SECOND_FACTOR must be required or offered, not {SECOND_FACTOR!r}.")
CONFIRMATION_LASTS = timedelta(minutes=5)  # how long a repeated password opens reveals and approvals
# Of django-allauth only the second factor is used: none of its addresses, no sign-up, no mail.
ACCOUNT_ADAPTER = "apps.accounts.adapter.ClosedAccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
MFA_ADAPTER = "apps.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "CityPlatform"
