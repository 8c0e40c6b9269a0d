"""Which rows of the school domain speak of a person; pupils are minors, so their guardians ask for them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import Keep, SubjectRecord

EMPLOYED = _("the person is employed here (Personal Information Protection Law, Art. 13)")

SUBJECTS = (
    SubjectRecord(
        "school.Student",
        _("student"),
        identity={
            "phone": "guardian_phone",
            "name": "name",
            "birth_date": "birth_date",
            "number": "pseudonym",
        },
        is_minor=True,
    ),
    SubjectRecord("school.Answer", _("answer to an exercise"), root="student", is_minor=True),
    SubjectRecord(
        "school.Teacher",
        _("teacher"),
        identity={"phone": "phone", "name": "name", "number": "number"},
        keeps=(Keep(EMPLOYED),),
    ),
)
