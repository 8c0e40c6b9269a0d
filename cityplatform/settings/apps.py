"""Installed applications; the domains come from their folders, so a new one needs no line here."""

from __future__ import annotations

from apps.core.domains import domain_packages

PLATFORM_APPS = [
    "apps.core",
    "apps.accounts",
    "apps.audit",
    "apps.privacy",
    "apps.sensing",
    "apps.pulls",
    "apps.archive",
    "apps.alerts",
    "apps.catalogue",
    "apps.subjects",
    "apps.analytics",
    "apps.training",
    "apps.scheduling",
    "apps.live",
    "apps.maps",
]

INSTALLED_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "apps.portal",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "apps.portal.adminconfig.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "axes",
    "csp",
    "oauth2_provider",
    *PLATFORM_APPS,
    *domain_packages(),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.core.middleware.request_context",
    "apps.core.problems.problem_answers",
    "apps.audit.middleware.access_log",
    "apps.privacy.middleware.acting_request",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "apps.core.unreadable.ReadableRequest",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.middleware.session_rules",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "apps.catalogue.middleware.program_use",
]
