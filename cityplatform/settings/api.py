"""The REST API: session or token, throttled, described by OpenAPI, errors as problem+json."""

from __future__ import annotations

REST_FRAMEWORK = {
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.catalogue.authentication.TokenAuthentication",
        "apps.accounts.services.programs.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "apps.accounts.services.programs.ProgramPermission",
    ],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "user": "1200/min"},
    "DEFAULT_PAGINATION_CLASS": "apps.core.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["apps.privacy.services.filters.PolicyFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "apps.core.openapi.ProblemAutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.parsers.BoundedJSONParser"],
    "URL_FORMAT_OVERRIDE": None,  # ``format`` is a parameter of exports; lists are JSON
    "EXCEPTION_HANDLER": "apps.core.errors.problem_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "CityPlatform API",
    "DESCRIPTION": "Readings, forecasts and plans of a city; every answer obeys the caller's rights.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "AUTHENTICATION_WHITELIST": ["rest_framework.authentication.SessionAuthentication"],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "apiKey": {"type": "http", "scheme": "bearer"},
            "oauth2": {
                "type": "oauth2",
                "flows": {
                    "clientCredentials": {"tokenUrl": "/oauth/token/", "scopes": {}},
                    "authorizationCode": {
                        "authorizationUrl": "/oauth/authorize/",
                        "tokenUrl": "/oauth/token/",
                        "scopes": {},
                    },
                },
            },
        }
    },
    "SECURITY": [{"apiKey": []}, {"oauth2": []}],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Enumerations stay where they are used: shared names would collide as soon as two domains have a "state".
    "POSTPROCESSING_HOOKS": ["apps.core.openapi.nullable_as_type", "apps.portal.openapi.in_words"],
}
