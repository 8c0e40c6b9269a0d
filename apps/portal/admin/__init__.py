"""Admin pages of what lies below the policy kernel: people and the access log.

They stand here and not in their apps, because those apps may not know the kernel that every page asks.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin import site

from apps.portal.admin import log, people, rights

site.unregister([Authenticator, EmailAddress])  # the secrets of people are nobody's page

__all__ = ["log", "people", "rights"]
