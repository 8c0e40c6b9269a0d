"""Questions about entries: what there is, what its fields are graded, and what it still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.audit.services import seen
from apps.catalogue.data import DatasetState, Sharing
from apps.catalogue.models import Dataset
from apps.core.errors import ProblemError
from apps.core.grades import Category, FieldGrade, Grade
from apps.privacy.services import can_see
from apps.privacy.services.kernel import all_grades

NEEDED = (
    *("name_zh", "class_category", "class_item", "class_name", "provider_code"),
    *("abstract", "format", "items", "update_cycle"),
)
NOTICE_PARTS = ("handler", "purpose", "kinds", "retention", "rights")  # PIPL 17, NDR 21: in list form
SENSITIVE = {Category.HEALTH, Category.MINOR, Category.CREDENTIAL}


def datasets_listed(viewer: Viewer) -> QuerySet[Dataset]:
    """The entries that the viewer may read: what is published, and everything of his own domains."""
    if not can_see(viewer, "catalogue.Dataset"):
        return Dataset.objects.none()
    public = Q(state__in=(DatasetState.PUBLISHED, DatasetState.SUSPENDED))
    return Dataset.objects.filter(public | Q(domain__in=viewer.domains)).select_related("provider")


def dataset_named(code: str, *, viewer: Viewer, field: str = "dataset") -> Dataset:
    """The entry that a body names; ProblemError 400 names the field where the viewer may read no such one."""
    found = datasets_listed(viewer).filter(code=code).first()
    if found is None:
        detail = _("There is no dataset with this code, or you may not see it.")
        raise ProblemError(detail, field, code="unknown")
    return found


def entries_shown(rows: Iterable[Dataset]) -> list[Dataset]:
    """The entries, which the access log hears of: they name the people to ask."""
    shown = list(rows)
    seen(Dataset._meta.label, [row.pk for row in shown])
    return shown


def may_steward(viewer: Viewer, domain: str) -> bool:
    """Whether the viewer looks after the entries of a domain: whoever handles or approves there."""
    return viewer.may(domain, Capability.HANDLE) or viewer.may(domain, Capability.APPROVE)


def is_bureau(viewer: Viewer) -> bool:
    """Whether the viewer decides for the data bureau: an approver of that department."""
    held = {capability for _domain, capability in viewer.rights}
    return viewer.department == settings.DATA_BUREAU and Capability.APPROVE in held


@dataclass(frozen=True, slots=True)
class Item:
    """One information item of an entry and its grade as the kernel has it."""

    name: str
    title: str
    type: str
    grade: FieldGrade | None


def items_of(dataset: Dataset) -> Iterator[Item]:
    """The information items in their order."""
    for row in dataset.items:
        name = str(row.get("name", ""))
        declared = all_grades().get(f"{dataset.object_type}.{name}")
        title = str(_english(row.get("title_en")) or row.get("title", name))
        yield Item(name, title, str(row.get("type", "")), declared)


def name_of(dataset: Dataset) -> str:
    """The entry's name in the reader's language."""
    return _english(dataset.name_en) or dataset.name_zh


def _english(text: str | None) -> str:
    """The English text for readers of English, where there is one."""
    return text or "" if (get_language() or "").startswith("en") else ""


def grades_of(dataset: Dataset) -> list[FieldGrade]:
    """The declared grades of the entry's items."""
    return [item.grade for item in items_of(dataset) if item.grade]


def is_personal(dataset: Dataset) -> bool:
    """Whether some field says something about a person."""
    return any(grade.category is not Category.GENERAL for grade in grades_of(dataset))


def is_sensitive(dataset: Dataset) -> bool:
    """Whether it needs an impact assessment: the highest grade, health, or minors (PIPL 28, 55)."""
    return any(grade.grade is Grade.L4 or grade.category in SENSITIVE for grade in grades_of(dataset))


def concerns_minors(dataset: Dataset) -> bool:
    """Whether some field is about children, who have rules of their own (PIPL 31)."""
    return any(grade.category is Category.MINOR for grade in grades_of(dataset))


def missing_of(dataset: Dataset) -> list[tuple[str, str]]:
    """``(field, sentence)`` for everything that keeps the entry from being published."""
    found = [(name, _("This is still empty.")) for name in NEEDED if not getattr(dataset, name)]
    if dataset.sharing == Sharing.CONDITIONAL and not dataset.condition:
        found.append(("condition", _("Data shared on condition need the condition in words.")))
    if dataset.sharing != Sharing.UNCONDITIONAL and not dataset.legal_basis:
        found.append(("legal_basis", _("Name the law or rule on which the limit rests.")))
    if is_personal(dataset) and not _is_whole(dataset.notice):
        found.append(("notice", _("Personal data need a processing notice with all of its parts.")))
    if concerns_minors(dataset) and not _is_whole(dataset.notice_minor):
        found.append(("notice_minor", _("Data of children need a notice of their own.")))
    if is_sensitive(dataset) and not dataset.assessments.exclude(approved_at=None).exists():
        found.append(("assessments", _("Sensitive data need an approved impact assessment.")))
    return found


def field_named(name: str) -> str:
    """What a field is called of which ``missing_of`` speaks."""
    if name == "assessments":
        return str(_("impact assessment"))
    return {field.name: str(field.verbose_name) for field in Dataset._meta.concrete_fields}[name]


def _is_whole(notice: dict[str, str]) -> bool:
    return all(str(notice.get(part, "")).strip() for part in NOTICE_PARTS)
