"""Portal pages of the plant domain."""

from __future__ import annotations

from apps.domains.plant.models import Inspection, Line, Machine, Operation, Order, Plant
from apps.privacy.services.admin import policy_register

policy_register(
    Plant, columns=("code", "name", "operator", "division"), search=("code", "name"), filters=("division",)
)
policy_register(Line, columns=("code", "name", "plant"), search=("code", "name"), filters=("plant",))
policy_register(
    Machine,
    columns=("code", "name", "process", "line", "rated_kw"),
    search=("code", "name"),
    filters=("process",),
)
policy_register(
    Order,
    columns=("number", "product", "quantity", "customer", "due_at", "plant"),
    search=("number", "product"),
    filters=("plant",),
)
policy_register(
    Operation,
    columns=("order", "sequence", "process", "minutes", "machine", "started_at", "finished_at"),
    filters=("process",),
)
policy_register(Inspection, columns=("operation", "taken_at", "passed", "inspector"), filters=("passed",))
