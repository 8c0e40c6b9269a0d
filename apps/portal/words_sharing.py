"""Words of the sharing pages: what each step is called and what the parts of a notice are."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.catalogue.data import DatasetState

STEP_TITLES = {
    DatasetState.DRAFT: _("Take back to draft"),
    DatasetState.REVIEWED: _("Reviewed and correct"),
    DatasetState.PUBLISHED: _("Publish"),
    DatasetState.SUSPENDED: _("Suspend"),
    DatasetState.WITHDRAWN: _("Withdraw"),
}
NOTICE_TITLES = {
    "handler": _("Who processes the data, and how to reach them"),
    "purpose": _("Purpose and way of processing"),
    "kinds": _("Kinds of data"),
    "retention": _("How long they are kept"),
    "rights": _("How people exercise their rights"),
}
ACT_TITLES = {
    "submitted": _("Asked"),
    "paused": _("Clock stopped"),
    "resumed": _("Clock runs again"),
    "approved": _("Approved"),
    "refused": _("Refused"),
    "disputed": _("Taken to the data bureau"),
    "dispute_lost": _("The refusal stands"),
    "provided": _("Handed over"),
    "withdrawn": _("Withdrawn by the applicant"),
    "recalled": _("Recalled"),
    "expired": _("Ended by itself"),
    "reminded": _("Reminder sent"),
    "escalated": _("Reported to the data bureau: overdue"),
}
CHANGES = (  # of the interface for programs, the newest first
    ("2026-11", _("Access tokens (OAuth 2) with one scope for each dataset and purpose; quotas; notices.")),
    ("2026-11", _("Catalogue as DCAT 3, requests, changes and corrections below /api/v1/catalogue/.")),
)
