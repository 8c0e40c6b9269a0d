"""One person whom several domains know, and the officers who work on his rights."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.contrib.gis.geos import Point
from django.utils import timezone

from apps.accounts.data import Capability, Viewer
from apps.accounts.models import Role, User
from apps.core.domains import all_domains
from apps.core.grades import Grade
from apps.domains.city.models import ServiceRequest
from apps.domains.farm.models import Farm
from apps.domains.hospital.models import Encounter, Hospital, Patient, StaffMember, Ward
from apps.domains.school.models import Answer, Exercise, School, SchoolClass, Student
from apps.subjects.data import Told
from apps.subjects.models import SubjectRequest
from apps.subjects.services import identity_check, matches_confirm, request_receive, subject_search
from tests.people import person

NAME, PHONE, NUMBER = "王㛃", "13900001234", "11010119900307867X"
PLACE = Point(118.05, 24.45, srid=4326)
LONG_AGO = datetime(1990, 5, 1, 8, tzinfo=UTC)
# The first of a month: every year has it.
RECENT = (timezone.now() - timedelta(days=200)).replace(day=1, hour=8, minute=0, second=0, microsecond=0)
BORN = date(1990, 3, 7)


def officer(username: str = "officer", *, domains: tuple[str, ...] = ()) -> User:
    """An approver of the domains (of all of them without names) with the highest clearance."""
    slugs = domains or tuple(domain.slug for domain in all_domains())
    found = person(username, roles=[f"{slug}-approver" for slug in slugs], clearance=Grade.L4)
    Role.objects.filter(key__endswith="-approver").update(purposes=["subject-rights"])
    return found


def viewer(username: str = "officer", *, domains: tuple[str, ...] = ()) -> Viewer:
    """The viewer of a new officer; his account cannot log in, which saves the slow hash of a password."""
    slugs = domains or tuple(domain.slug for domain in all_domains())
    rights = {(slug, held) for slug in slugs for held in (Capability.VIEW, Capability.APPROVE)}
    user, _new = User.objects.get_or_create(username=username, defaults={"password": "!"})
    return Viewer(user_id=user.pk, clearance=Grade.L4, rights=frozenset(rights), strong=True, confirmed=True)


def ward() -> Ward:
    """A ward of a hospital."""
    hospital, _new = Hospital.objects.get_or_create(code="H1", defaults={"name": "一院", "geometry": PLACE})
    return Ward.objects.get_or_create(
        code="W1", defaults={"name": "内科", "hospital": hospital, "specialty": "内科"}
    )[0]


def patient(*, left_at: datetime | None = LONG_AGO, kind: str = "inpatient", **values: object) -> Patient:
    """The person as a patient with one stay."""
    place = ward()
    given = {"pseudonym": "P1", "name": NAME, "id_number": NUMBER, "phone": PHONE, "birth_date": BORN}
    row = Patient.objects.create(hospital=place.hospital, **{**given, **values})
    Encounter.objects.create(
        patient=row, ward=place, kind=kind, arrived_at=LONG_AGO, left_at=left_at, diagnosis="I10"
    )
    return row


def call(*, closed_at: datetime | None = LONG_AGO, number: str = "R1", **values: object) -> ServiceRequest:
    """The person as a caller of the hotline."""
    given = {
        "reporter_name": NAME,
        "reporter_phone": PHONE,
        "reporter_id_number": NUMBER,
        "address": "海澄区中山路18号302室",
    }
    return ServiceRequest.objects.create(
        number=number,
        text=f"我是{NAME}，电话{PHONE}，路灯坏了",
        state="closed" if closed_at else "received",
        received_at=LONG_AGO,
        deadline=LONG_AGO,
        closed_at=closed_at,
        geometry=PLACE,
        **{**given, **values},
    )


def student(**values: object) -> Student:
    """A pupil whose guardian the person is, with one answer."""
    school, _new = School.objects.get_or_create(code="S1", defaults={"name": "一小", "geometry": PLACE})
    group, _new = SchoolClass.objects.get_or_create(
        code="C1", defaults={"name": "一班", "school": school, "size": 40}
    )
    exercise, _new = Exercise.objects.get_or_create(code="E1", defaults={"name": "加法", "skill": "加法"})
    given = {"pseudonym": "ST1", "name": "王小明", "birth_date": date(2016, 2, 3), "guardian_phone": PHONE}
    row = Student.objects.create(school_class=group, **{**given, **values})
    Answer.objects.create(student=row, exercise=exercise, answered_at=RECENT, correct=True)
    return row


def farm() -> Farm:
    """The person as the holder of a farm."""
    return Farm.objects.create(
        code="F1", name="示范农场", geometry=PLACE, holder_name=NAME, holder_phone=PHONE
    )


def staff() -> StaffMember:
    """The person as a nurse."""
    return StaffMember.objects.create(ward=ward(), number="N1", name=NAME, phone=PHONE, skill="护士")


def request(kind: str, *, by: Viewer, told: Told | None = None, **values: object) -> SubjectRequest:
    """A request whose identity is checked and whose certain and strong rows are confirmed."""
    told = told or Told(id_number=NUMBER, phone=PHONE, name=NAME)
    row = request_receive(told, kind=kind, asker="self", viewer=by, **values)  # type: ignore[arg-type]
    identity_check(row.pk, proof="card", note="", viewer=by)
    subject_search(row.pk, viewer=by)
    chosen = list(row.matches.filter(confirmed=True).values_list("pk", flat=True))
    matches_confirm(row.pk, chosen=chosen, viewer=by)
    row.refresh_from_db()
    return row
