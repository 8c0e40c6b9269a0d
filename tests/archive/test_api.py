"""The archive at its exits: who sees it, who decides, who starts backups."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.archive.models import Backup, DrillReport, LegalHold, RetentionRule
from apps.audit.models import AccessEntry
from tests.people import person

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/archive"


def client_of(name: str, **rights: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person(name, **rights))
    return client


def posted(client: Client, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"{ROOT}/{path}/", body, content_type="application/json")
    return answer.status_code, answer.json()


def drill_report(outcome: str = "passed") -> DrillReport:
    backup = Backup.objects.create(kind="base", path="base/1", outcome="passed", started_at=timezone.now())
    return DrillReport.objects.create(backup=backup, outcome=outcome, started_at=timezone.now())


def test_an_approver_sets_a_rule_and_it_is_in_the_access_log() -> None:
    rule = {"domain": "school", "keep_months": 6, "lake_years": 3, "reason": "minors"}
    status, answer = posted(client_of("head", roles=["school-approver"]), "rules", rule)
    assert (status, answer["keep_months"]) == (201, 6)
    assert AccessEntry.objects.filter(action="retention_set", object_id=str(answer["id"])).exists()
    assert RetentionRule.objects.count() == 1


def test_a_rule_of_another_domain_is_refused() -> None:
    rule = {"domain": "city", "keep_months": 6, "lake_years": 3, "reason": "x"}
    status, answer = posted(client_of("head", roles=["school-approver"]), "rules", rule)
    assert (status, answer["errors"][0]["field"]) == (403, "domain")


def test_a_hold_is_placed_and_released_once() -> None:
    client = client_of("head", roles=["school-approver"])
    status, hold = posted(client, "holds", {"domain": "school", "start": "2026-01-01", "reason": "case"})
    assert status == 201
    assert posted(client, f"holds/{hold['id']}/release", {})[0] == 200
    assert posted(client, f"holds/{hold['id']}/release", {})[0] == 409
    assert LegalHold.objects.get().released_by is not None


@pytest.mark.parametrize(
    "body",
    [
        {"domain": "school", "keep_months": 0, "lake_years": 1, "reason": "x"},
        {"domain": "school", "keep_months": 1, "lake_years": 1, "reason": "x", "datastream": 2**70},
        {"domain": "school", "keep_months": 1, "lake_years": 1, "reason": "x", "datastream": 7},
        {"domain": "school", "keep_months": "\u0000", "lake_years": [], "reason": "\u0000"},
    ],
)
def test_a_bad_rule_is_refused_with_its_field(body: dict[str, Any]) -> None:
    status, answer = posted(client_of("head", roles=["school-approver"]), "rules", body)
    assert status == 400
    assert answer["errors"][0]["field"]


def test_only_the_system_office_starts_backups_and_drills() -> None:
    status, answer = posted(client_of("sys", office="system"), "backups", {})
    assert (status, answer["outcome"]) == (202, "running")
    assert posted(client_of("clerk", roles=["school-operator"]), "backups", {})[0] == 403
    assert posted(client_of("aud", office="auditor"), "drills", {})[0] == 403
    assert posted(client_of("sys2", office="system"), "drills", {})[0] == 409  # nothing to restore yet


@pytest.mark.parametrize("rights", [{"office": "system"}, {"office": "auditor"}, {"roles": ["city-viewer"]}])
def test_the_home_page_says_when_the_last_drill_was(rights: Any) -> None:
    drill_report()
    page = client_of("reader", **rights).get("/portal/").content.decode()
    assert "Last restore drill" in page
    assert f"/portal/archive/drillreport/{DrillReport.objects.get().pk}/change/" in page


def test_the_security_office_and_strangers_see_nothing_of_the_archive() -> None:
    drill_report()
    client = client_of("sec", office="security")
    assert "restore drill" not in client.get("/portal/").content.decode()
    assert client.get(f"{ROOT}/drills/").json()["results"] == []


@pytest.mark.parametrize("page", ["lakefile", "dueday", "retentionrule", "legalhold", "drillreport"])
def test_every_page_of_the_archive_opens(page: str) -> None:
    drill_report()
    assert client_of("reader", roles=["city-viewer"]).get(f"/portal/archive/{page}/").status_code == 200


def test_an_office_sees_backups_and_no_lake_file_and_a_domain_no_backup() -> None:
    drill_report()
    auditor, city = client_of("aud", office="auditor"), client_of("reader", roles=["city-viewer"])
    assert auditor.get("/portal/archive/backup/").status_code == 200
    assert auditor.get("/portal/archive/lakefile/").status_code == 403
    assert city.get("/portal/archive/backup/").status_code == 403
    assert len(auditor.get(f"{ROOT}/backups/").json()["results"]) == 1
    assert city.get(f"{ROOT}/backups/").json()["results"] == []
    assert city.get(f"{ROOT}/drills/").json()["results"][0]["outcome"] == "passed"
    (drill,) = DrillReport.objects.values_list("pk", flat=True)
    for address in (
        "/portal/archive/drillreport/",
        f"/portal/archive/drillreport/{drill}/change/",
        "/portal/",
    ):
        assert "base/1" not in city.get(address).content.decode()
    assert "base/1" in auditor.get("/portal/archive/drillreport/").content.decode()
