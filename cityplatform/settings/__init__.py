"""One flat settings namespace, written as small files by concern."""

from __future__ import annotations

from cityplatform.settings.analytics import *
from cityplatform.settings.api import *
from cityplatform.settings.apps import *
from cityplatform.settings.archive import *
from cityplatform.settings.audit import *
from cityplatform.settings.base import *
from cityplatform.settings.celery import *
from cityplatform.settings.databases import *
from cityplatform.settings.doors import *
from cityplatform.settings.exports import *
from cityplatform.settings.keys import *
from cityplatform.settings.languages import *
from cityplatform.settings.learning import *
from cityplatform.settings.live import *
from cityplatform.settings.logs import *
from cityplatform.settings.mail import *
from cityplatform.settings.people import *
from cityplatform.settings.portal import *
from cityplatform.settings.privacy import *
from cityplatform.settings.pulls import *
from cityplatform.settings.security import *
from cityplatform.settings.sharing import *
from cityplatform.settings.static import *
from cityplatform.settings.statistics import *
from cityplatform.settings.subjects import *
