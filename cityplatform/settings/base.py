"""Where things are, and what every process needs to know."""

from __future__ import annotations

from pathlib import Path

from cityplatform.settings import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var"), "Folder for everything that the system writes."))
MEDIA_ROOT = VAR_DIR / "media"

DEBUG = env.flag("DEBUG", "Developer error pages. Never on a machine with real data.", default=False)
SECRET_KEY = env.secret("SECRET_KEY", "only-for-checks-and-tests", "Key for sessions and signed values.")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1", "Host names that this site answers to.")

ROOT_URLCONF = "cityplatform.urls"
ASGI_APPLICATION = "cityplatform.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = env.integer(
    "UPLOAD_MAX_BYTES", 512 * 1024 * 1024, "Largest file that the upload page takes."
)
METRICS_ALLOWED = env.words("METRICS_ALLOWED", "127.0.0.1,::1", "Addresses that may read /metrics.")
GATEWAY_URL = env.text("GATEWAY_URL", "http://127.0.0.1:8701", "Where devices post their readings.")
GATEWAY_MAX_BYTES = env.integer("GATEWAY_MAX_BYTES", 8 * 1024 * 1024, "Largest body that the gateway takes.")
READINGS_FIRST = env.day(
    "READINGS_FIRST", "2000-01-01", "Before this day no reading is plausible, unless its datastream says so."
)
