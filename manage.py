#!/usr/bin/env python
"""Django's command line for this project."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from apps.accounts.data import Viewer, acting_as

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityplatform.settings")
    with acting_as(Viewer(system=" ".join(["manage.py", *sys.argv[1:2]]))):
        execute_from_command_line(sys.argv)
