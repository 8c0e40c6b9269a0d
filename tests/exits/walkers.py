"""Who walks: one person for each class of bytes, so that equal answers are read once.

Roles of one domain and clearance get equal decisions; they differ in the acts that a page offers. So the
viewer of a domain walks everything, somebody who holds all its roles everything but the generic pages of the
models; the offices, people without a role and the two ends of clearance walk everything.
"""

from __future__ import annotations

from apps.accounts.models import User
from apps.core.domains import all_domains
from apps.core.grades import Grade
from tests.people import CAPABILITIES, OFFICES, person


def walkers() -> dict[str, User]:
    """The people by the name of their class; every role of every domain is held by one of them."""
    slugs = [domain.slug for domain in all_domains()]
    people = {f"{slug}-viewer": person(f"{slug}.viewer", roles=[f"{slug}-viewer"]) for slug in slugs}
    people |= {
        f"{slug}-everything": person(f"{slug}.all", roles=[f"{slug}-{kind}" for kind in CAPABILITIES])
        for slug in slugs
    }
    people |= {office: person(office, office=office) for office in OFFICES}
    views = [f"{slug}-viewer" for slug in slugs]
    people["cleared"] = person("cleared", roles=views, clearance=Grade.L4)
    people["lowly"] = person("lowly", roles=views, clearance=Grade.L1)
    return people | {"nobody": person("nobody")}
