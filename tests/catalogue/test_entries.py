"""Entries: made from the registry, completed by people, published by a second person, and exchanged."""

from __future__ import annotations

import pytest

from apps.catalogue.data import DatasetState, Sharing
from apps.catalogue.models import Dataset
from apps.catalogue.selectors.entries import items_of, missing_of
from apps.catalogue.services.dcat import catalogue_dcat
from apps.catalogue.services.entries import (
    assessment_approve,
    assessment_make,
    dataset_edit,
    dataset_step,
)
from apps.catalogue.services.exchange import entries_import, entry_export
from apps.catalogue.services.syncing import catalogue_sync
from apps.core.domains import all_domains
from apps.core.errors import ProblemError
from apps.core.grades import Category
from tests.catalogue.builders import WHOLE, catalogue, entry, viewer

pytestmark = pytest.mark.django_db
PARTS = {"purpose": "care", "impact": "small", "measures": "encryption"}


def test_every_object_layer_and_kind_of_every_domain_has_an_entry_and_a_repeat_makes_none() -> None:
    catalogue()
    for domain in all_domains():
        models = {key.partition(".")[0] for key in domain.privacy}
        expected = len(models) + len(domain.layers) + len(domain.kinds)
        assert Dataset.objects.filter(domain=domain.slug).count() == expected
    assert catalogue_sync() == 0


def test_a_repeat_leaves_what_people_have_written() -> None:
    catalogue()
    Dataset.objects.filter(code="city.RoadSegment").update(abstract="ours", items=[])
    catalogue_sync()
    row = Dataset.objects.get(code="city.RoadSegment")
    assert (row.abstract, bool(row.items)) == ("ours", True)


def test_the_grade_of_each_field_is_the_kernels() -> None:
    catalogue()
    items = {item.name: item.grade for item in items_of(Dataset.objects.get(code="school.Student"))}
    assert all(items.values())
    assert any(grade and grade.category is Category.MINOR for grade in items.values())


@pytest.mark.parametrize("name", ["provider_code", "abstract", "condition", "legal_basis", "class_item"])
def test_publication_is_refused_while_a_field_is_missing(name: str) -> None:
    row, approver = entry(state=DatasetState.REVIEWED), viewer("sun", "city-approver")
    Dataset.objects.filter(pk=row.pk).update(**{name: ""})
    with pytest.raises(ProblemError) as refused:
        dataset_step(row, state=DatasetState.PUBLISHED, viewer=approver)
    assert refused.value.field == name


def test_an_incomplete_entry_is_not_reviewed_and_the_refusal_names_what_is_missing() -> None:
    row, approver = entry(state=DatasetState.DRAFT), viewer("sun", "city-approver")
    Dataset.objects.filter(pk=row.pk).update(abstract="", legal_basis="")
    with pytest.raises(ProblemError) as refused:
        dataset_step(row, state=DatasetState.REVIEWED, viewer=approver)
    assert (refused.value.status, refused.value.code) == (409, "missing")
    for name in ("abstract", "legal_basis"):
        assert str(Dataset._meta.get_field(name).verbose_name) in str(refused.value)
    assert Dataset.objects.get(pk=row.pk).state == DatasetState.DRAFT


def test_what_is_not_shared_must_cite_a_law() -> None:
    row = entry()
    row.sharing, row.legal_basis = Sharing.NOT_SHARED, ""
    assert [field for field, _sentence in missing_of(row)] == ["legal_basis"]


def test_sensitive_data_are_published_only_after_an_assessment_by_two_people() -> None:
    row, one, two = (
        entry("hospital.Patient", state=DatasetState.REVIEWED),
        viewer("one", "hospital-approver"),
        viewer("two", "hospital-approver"),
    )
    with pytest.raises(ProblemError) as refused:
        dataset_step(row, state=DatasetState.PUBLISHED, viewer=one)
    assert refused.value.field == "assessments"
    assessment = assessment_make(row, values=PARTS, viewer=one)
    with pytest.raises(ProblemError):
        assessment_approve(assessment, viewer=one)
    assert (assessment_approve(assessment, viewer=two).keep_until - assessment.made_at.date()).days >= 3 * 365
    assert dataset_step(row, state=DatasetState.PUBLISHED, viewer=one).publish_date


def test_personal_data_need_a_notice_and_childrens_data_one_of_their_own() -> None:
    row = entry("school.Student")
    row.notice, row.notice_minor = {}, {}
    assert {"notice", "notice_minor"} <= {field for field, _sentence in missing_of(row)}


def test_whoever_edits_does_not_review_and_an_edit_takes_a_published_entry_back() -> None:
    row, editor, other = entry(), viewer("a", "city-approver"), viewer("b", "city-approver")
    row = dataset_edit(row, values={"abstract": "new"}, viewer=editor)
    assert row.state == DatasetState.DRAFT
    with pytest.raises(ProblemError) as refused:
        dataset_step(row, state=DatasetState.REVIEWED, viewer=editor)
    assert refused.value.status == 403
    assert dataset_step(row, state=DatasetState.REVIEWED, viewer=other).reviewed_by_id == other.user_id


def test_an_edit_by_a_colleague_does_not_let_the_author_review() -> None:
    row, author, other = entry(), viewer("a", "city-approver"), viewer("b", "city-approver")
    dataset_edit(row, values={"abstract": "mine"}, viewer=author)
    row = dataset_edit(row, values={"condition": "a comma"}, viewer=other)
    for one in (author, other):
        with pytest.raises(ProblemError):
            dataset_step(row, state=DatasetState.REVIEWED, viewer=one)
    third = viewer("c", "city-approver")
    row = dataset_step(row, state=DatasetState.REVIEWED, viewer=third)
    row = dataset_step(row, state=DatasetState.PUBLISHED, viewer=third)
    row = dataset_edit(row, values={"abstract": "again"}, viewer=other)
    assert dataset_step(row, state=DatasetState.REVIEWED, viewer=author).reviewed_by_id == author.user_id


def test_an_entry_cannot_skip_its_review_nor_be_suspended_without_a_reason() -> None:
    approver = viewer("sun", "city-approver")
    with pytest.raises(ProblemError):
        dataset_step(entry(state=DatasetState.DRAFT), state=DatasetState.PUBLISHED, viewer=approver)
    with pytest.raises(ProblemError) as refused:
        dataset_step(entry(), state=DatasetState.SUSPENDED, viewer=approver)
    assert refused.value.field == "reason"


def test_another_domain_neither_edits_nor_publishes() -> None:
    nurse = viewer("nurse", "hospital-operator", "hospital-approver")
    with pytest.raises(ProblemError) as refused:
        dataset_edit(entry(), values={"abstract": "x"}, viewer=nurse)
    assert refused.value.status == 403


def test_export_and_import_give_every_field_back() -> None:
    row, editor = entry(), viewer("a", "city-operator")
    Dataset.objects.filter(pk=row.pk).update(
        name_en="Roads", class_detail="细目", related=["city.layer.roads"]
    )
    before = entry_export(Dataset.objects.get(pk=row.pk))
    blank = dict.fromkeys(("abstract", "condition", "provider_code", "class_detail", "name_en"), "")
    dataset_edit(row, values={**blank, "related": [], "notice": {}}, viewer=editor)
    assert entries_import([before], viewer=editor) == 1
    after = entry_export(Dataset.objects.get(pk=row.pk))
    assert {**after, "state": ""} == {**before, "state": ""}


@pytest.mark.parametrize(
    "change",
    [{"code": "no.such"}, {"notice": {"a": {}}}, {"related": "x"}, {"abstract": 5}, {"sharing": "all"}],
)
def test_an_import_with_a_fault_changes_nothing_and_names_the_place(change: dict[str, object]) -> None:
    rows = [{**entry_export(entry()), "abstract": "changed"}, {**entry_export(entry()), **change}]
    with pytest.raises(ProblemError) as refused:
        entries_import(rows, viewer=viewer("a", "city-operator"))
    assert refused.value.field.startswith("entries.1")
    assert entry().abstract == WHOLE["abstract"]


def test_the_dcat_document_has_the_shape_of_the_vocabulary() -> None:
    body = catalogue_dcat([entry(), entry("city.stream.speed")], base="http://city")
    assert body["@type"] == "dcat:Catalog"
    assert len({row["@id"] for row in body["dcat:dataset"]}) == 2
    for row in body["dcat:dataset"]:
        assert row["@type"] == "dcat:Dataset"
        assert {"dct:title", "dct:description", "dct:publisher", "dct:identifier"} <= row.keys()
        assert all(text["@language"] and text["@value"] for text in row["dct:title"])
        for part in row["dcat:distribution"]:
            assert part["@type"] == "dcat:Distribution"
            assert part["dcat:accessURL"]["@id"].startswith("http://city/")
    prefixes = {
        key.partition(":")[0] for row in body["dcat:dataset"] for key in row if not key.startswith("@")
    }
    assert prefixes <= body["@context"].keys()
