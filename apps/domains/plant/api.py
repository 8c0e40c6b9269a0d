"""REST collections of the plant domain."""

from __future__ import annotations

from apps.domains.plant.models import Inspection, Line, Machine, Operation, Order, Plant
from apps.privacy.services.rest import policy_viewset

ROUTES = {
    "plants": policy_viewset(Plant, filters=("division",)),
    "lines": policy_viewset(Line, filters=("plant",)),
    "machines": policy_viewset(Machine, filters=("line", "process")),
    "orders": policy_viewset(Order, filters=("plant",)),
    "operations": policy_viewset(Operation, filters=("order", "process", "machine")),
    "inspections": policy_viewset(Inspection, filters=("operation", "passed")),
}
