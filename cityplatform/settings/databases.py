"""PostgreSQL with PostGIS, Redis, and the geometry libraries that come inside the wheels."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cityplatform.settings import env


def database_from_url(url: str, *, pool: int = 0) -> dict[str, object]:
    """``postgresql://user:password@host:port/name`` as Django's dictionary.

    Under ASGI every request has a thread of its own, so only a pool saves it a new connection.
    """
    parts = urlsplit(url)
    options: dict[str, object] = {"options": "-c statement_timeout=60000 -c lock_timeout=10000"}
    if pool:
        options["pool"] = {"min_size": 2, "max_size": pool, "timeout": 10}
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0 if pool else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def wheel_library(package: str, pattern: str) -> str | None:
    """Path of a shared library that a wheel carries, or None where the wheel has none."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent.parent / f"{package}.libs"
    return next((str(path) for path in sorted(folder.glob(pattern))), None)


DATABASE_URL = env.secret(
    "DATABASE_URL",
    "postgresql://cityplatform:cityplatform@127.0.0.1:8732/cityplatform",
    "PostgreSQL with PostGIS.",
)
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:8779/0", "Redis: broker, cache, live feed.")
MQTT_URL = env.text("MQTT_URL", "mqtt://127.0.0.1:8783", "Mosquitto: the broker that devices publish to.")
MQTT_PUBLIC_URL = (
    env.text("MQTT_PUBLIC_URL", "", "The broker as devices reach it; empty: host and port of MQTT_URL.")
    or f"mqtt://{urlsplit(MQTT_URL).hostname}:{urlsplit(MQTT_URL).port or 1883}"
)

DATABASE_POOL = env.integer(
    "DATABASE_POOL", 0, "Most database connections that a process shares; 0 keeps one a thread."
)
DATABASES = {"default": database_from_url(DATABASE_URL, pool=DATABASE_POOL)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# One GDAL and one GEOS: those that pyogrio and shapely have loaded already.
GDAL_LIBRARY_PATH = wheel_library("pyogrio", "libgdal*")
GEOS_LIBRARY_PATH = wheel_library("shapely", "libgeos_c*")
