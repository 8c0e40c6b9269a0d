"""``manage.py demo_sharing``: request, approval, API call, recall, 403 and a closed socket, with times."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.catalogue.demo import Walk, WalkError


class Command(BaseCommand):
    """Talks to the running system by HTTP and websocket, as people and a program do."""

    help = "Walk a request for data from asking to recall on the running system, and print each step."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the system runs and who plays."""
        parser.add_argument("--base", default=settings.SITE_URL, help="Address of the running system.")
        parser.add_argument("--applicant", default="chen.analyst")
        parser.add_argument("--approver", default="sun.approver")

    def handle(self, *, base: str, applicant: str, approver: str, **_: object) -> None:
        """Run; the command fails when a step does not end as it should."""
        failed = 0
        try:
            for step in Walk(base, applicant=applicant, approver=approver).steps():
                mark = "ok  " if step.holds else "FAIL"
                self.stdout.write(f"{mark} {step.seconds:6.2f} s  {step.name}: {step.found}")
                failed += not step.holds
        except WalkError as error:
            raise CommandError(str(error)) from error
        if failed:
            detail = f"{failed} steps did not end as they should."
            raise CommandError(detail)
