"""Notifications: mail and webhooks. Without a mail host, mails become files, as an air-gapped site needs."""

from __future__ import annotations

from apps.core.networks import networks_read
from cityplatform.settings import env
from cityplatform.settings.base import VAR_DIR

EMAIL_HOST = env.text("MAIL_HOST", "", "SMTP server; empty writes mails to files under VAR_DIR/mail.")
EMAIL_PORT = env.integer("MAIL_PORT", 25, "Port of the SMTP server.")
EMAIL_HOST_USER = env.text("MAIL_USER", "", "User at the SMTP server; empty logs in nowhere.")
EMAIL_HOST_PASSWORD = env.secret("MAIL_PASSWORD", "", "Password at the SMTP server.")
EMAIL_USE_TLS = env.flag("MAIL_TLS", "Encrypt the connection to the SMTP server (STARTTLS).", default=False)
EMAIL_TIMEOUT = env.integer("MAIL_SECONDS", 10, "Seconds that the SMTP server may take.")
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "cityplatform@localhost", "Sender of the mails.")
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"

SITE_URL = env.text("SITE_URL", "http://localhost:8700", "Address of the portal in mails and webhooks.")
SITE_URL_IS_SET = env.is_set("SITE_URL")  # else answers to a request name the address that it came by
WEBHOOK_NETWORKS = networks_read(
    env.words("WEBHOOK_NETWORKS", "", "Own networks (CIDR) that webhooks may call; others must be public.")
)
