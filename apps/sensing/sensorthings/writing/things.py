"""Things: what carries sensors, in the domain of the one who writes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.accounts.selectors import department_get
from apps.core.domains import domain_get
from apps.core.errors import ProblemError
from apps.sensing.models import Thing
from apps.sensing.sensorthings.access import writing_required
from apps.sensing.sensorthings.writing.context import Given, Writing
from apps.sensing.sensorthings.writing.fields import Fields
from apps.sensing.sensorthings.writing.places import locations_set

LONGEST_NAME, LONGEST_TEXT, LONGEST_CODE = 120, 1000, 60


def thing_facts(fields: Fields) -> dict[str, Any]:
    """The columns of a thing that a body may set."""
    return {
        "name": fields.text("name", most=LONGEST_NAME, required=True),
        "description": fields.text("description", most=LONGEST_TEXT),
        "properties": fields.object("properties"),
    }


def thing_create(writing: Writing, fields: Fields, given: Given) -> Thing:
    """A thing with the locations and datastreams that stand in its body."""
    facts, domain = thing_facts(fields), writing.domain(fields)
    writing_required(writing.domains, domain)
    made = Thing.objects.create(
        domain=domain,
        code=code_free(domain, slugify(facts["name"], allow_unicode=True) or "thing"),
        owner_id=owner_of(domain),
        division=writing.viewer.division,
        **facts,
    )
    places = writing.many("Location", fields, "Locations", given)
    if places:
        locations_set(writing, made, places)
    for inner in fields.each("Datastreams"):
        writing.create("Datastream", inner, {"Thing": made})
    return made


def owner_of(domain: str) -> int:
    """The department of the domain, whose data it is."""
    try:
        return int(department_get(domain_get(domain).owner).pk)
    except (KeyError, ObjectDoesNotExist):
        raise ProblemError(_("The department of this domain does not exist yet."), "domain", 409) from None


def code_free(domain: str, wish: str) -> str:
    """A code that no other thing of the domain has."""
    stem = wish[:LONGEST_CODE]
    known = set(Thing.objects.filter(domain=domain, code__startswith=stem).values_list("code", flat=True))
    return next(
        code
        for number in range(len(known) + 2)
        if (code := f"{stem}-{number}" if number else stem) not in known
    )
