"""A kept answer is for people who may see the same; what is compared knows no such classes."""

from __future__ import annotations

import pytest

from apps.accounts.models import Role, User
from apps.accounts.selectors import viewer_for
from apps.core.grades import Grade
from apps.domains.hospital.models import Encounter, Patient
from apps.domains.school.models import Student
from apps.privacy.services import policy_class
from tests.people import department, person
from tests.privacy.school import pupil
from tests.privacy.test_microdata import client_of, count, stays

pytestmark = pytest.mark.django_db


def analyst(name: str, *, clearance: Grade = Grade.L4, division_code: str = "") -> User:
    """Somebody of the health department who may count stays for research."""
    found = person(name, roles=["hospital-analyst"], clearance=clearance, division_code=division_code)
    Role.objects.filter(key="hospital-analyst").update(purposes=["research"])
    return found


def test_a_district_officer_gets_her_district_after_a_colleague_asked_for_the_city() -> None:
    stays(60)
    assert count(client_of(analyst("whole")), rows="kind").json()["total"] == 60
    district = client_of(analyst("district", division_code="359901"))
    assert count(district, rows="kind").json()["total"] == 20
    assert count(client_of(analyst("again")), rows="kind").json()["total"] == 60


def test_a_question_asked_first_without_rights_spoils_nobodys_answer() -> None:
    stays(60)
    elsewhere = client_of(analyst("elsewhere", division_code="440300"))
    assert count(elsewhere, rows="kind").json()["total"] == 0
    assert count(client_of(analyst("whole")), rows="kind").json()["total"] == 60


def pupils_of(teacher: User, *, code: str, number: int) -> None:
    """A class of so many pupils that a teacher teaches."""
    first = pupil(code, teacher=teacher)
    for extra in range(1, number):
        Student.objects.create(
            pseudonym=f"{code}{extra}", school_class=first.school_class, birth_date=first.birth_date
        )


def test_a_teacher_counts_her_own_pupils_whatever_a_colleague_asked_before() -> None:
    one, two, head = (person(name, roles=["school-viewer"]) for name in ("one", "two", "head"))
    pupils_of(one, code="A", number=8)
    pupils_of(two, code="B", number=14)
    question = {"table": "school.students", "rows": "stage", "purpose": ""}
    totals = [count(client_of(user), **question).json()["total"] for user in (head, one, two, head)]
    assert totals == [22, 8, 14, 22]
    assert len({policy_class(viewer_for(user), domain="school") for user in (one, two)}) == 2


def test_a_column_that_one_clearance_may_count_is_not_told_to_another() -> None:
    stays(60)
    high, low = analyst("high"), analyst("low", clearance=Grade.L2)
    assert count(client_of(high), rows="diagnosis").status_code == 200
    assert count(client_of(low), rows="diagnosis").status_code == 403


def test_another_purpose_or_colleague_is_no_new_beginning_of_the_comparison() -> None:
    stays(60)
    asker = analyst("asker")
    assert count(client_of(asker), rows="kind").json()["total"] == 60
    leaves = Encounter.objects.get(patient__pseudonym="p7")
    leaves.delete()
    for purpose in ("", "other", "research-2"):
        fresh = count(client_of(asker), rows="kind", purpose=purpose)
        assert (fresh.status_code, fresh.json()["errors"][0]["code"]) == (409, "differencing")
    assert count(client_of(analyst("colleague", clearance=Grade.L3)), rows="kind").status_code == 409


def test_moving_to_another_department_is_no_new_beginning_either() -> None:
    stays(60)
    asker = analyst("asker")
    assert count(client_of(asker), rows="kind").json()["total"] == 60
    Encounter.objects.get(patient__pseudonym="p7").delete()
    asker.department = department("health")
    asker.save()
    assert count(client_of(asker), rows="kind").status_code == 409


@pytest.mark.parametrize("down", [True, False])
def test_the_label_of_a_value_that_few_people_have_is_hidden_with_its_count(down: bool) -> None:
    stays(60)
    Patient.objects.filter(pseudonym="p0").update(sex="unknown")
    rows, columns = ("sex", "division") if down else ("division", "sex")
    table = count(client_of(analyst("a")), rows=rows, columns=columns).json()
    few, many = (table["rows"], table["columns"]) if down else (table["columns"], table["rows"])
    assert few == ["female", "male", None]
    assert len({*many} - {None}) == 3
    last = table["cells"][-1] if down else [line[-1] for line in table["cells"]]
    assert last == [None, None, None]


def test_a_filter_for_one_person_does_not_list_what_that_person_has() -> None:
    stays(60)
    Patient.objects.filter(pseudonym="p0").update(sex="unknown")
    table = count(client_of(analyst("a")), rows="diagnosis", where={"sex": "unknown"}).json()
    assert (table["rows"], table["total"]) == ([None], None)
