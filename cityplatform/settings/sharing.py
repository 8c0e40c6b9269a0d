"""Sharing: clocks in working days, who decides disputes, and the tokens of programs."""

from __future__ import annotations

from datetime import timedelta

from cityplatform.settings import env

DATA_BUREAU = env.text("DATA_BUREAU", "data", "Code of the department that decides disputes about data.")
# State Council Decree 809: reply in 1 and 10 working days, provide within 20 of the approval.
SHARING_DAYS = {
    "unconditional": env.integer("SHARING_DAYS_UNCONDITIONAL", 1, "Working days for an unconditional reply."),
    "conditional": env.integer("SHARING_DAYS_CONDITIONAL", 10, "Working days for a conditional reply."),
    "provide": env.integer("SHARING_DAYS_PROVIDE", 20, "Working days from approval to provision."),
}
SHARING_LONGEST_DAYS = env.integer("SHARING_LONGEST_DAYS", 366, "Days that one approval lasts at most.")
CLIENT_SECRET_OVERLAP = timedelta(
    hours=env.integer("CLIENT_SECRET_OVERLAP_HOURS", 24, "Hours that a replaced client secret still works.")
)

OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "OAUTH2_VALIDATOR_CLASS": "apps.catalogue.oauth.DatasetValidator",
    "SCOPES_BACKEND_CLASS": "apps.catalogue.oauth.DatasetScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": env.integer(
        "TOKEN_SECONDS", 3600, "Seconds that an access token of a program lives."
    ),
    "REFRESH_TOKEN_EXPIRE_SECONDS": 86400,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "PKCE_REQUIRED": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"],  # http: programs on the user's own machine (RFC 8252)
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "client_credentials", "refresh_token"],
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}
