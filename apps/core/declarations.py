"""What a domain may declare: plain data, read by the platform, never code of the platform.

Anything callable is named by its dotted path and imported when first needed, so that the
declarations can be read before Django has loaded its models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class StreamKind:
    """One kind of reading: what is measured, its unit, and what the quality rules expect."""

    key: str  # "speed"
    title: Text
    observed_property: str  # SensorThings ObservedProperty name
    unit: str  # UCUM code: "km/h"
    low: float
    high: float
    max_step: float | None = None  # largest plausible change between two readings
    stuck_after: int | None = None  # seconds of one unchanged value
    interval: int = 60  # seconds between readings
    max_age: int = 300  # seconds after which a value is stale; also the gap rule
    rate: float | None = None  # largest plausible change in one second
    spike: float | None = None  # robust deviations from the median of the last values
    window: int | None = None  # how many values that is, odd; 7 without it
    mend: bool = False  # whether a spike is replaced by that median
    clock: int | None = None  # seconds that a device's clock may be ahead
    late: int | None = None  # seconds that it may be behind
    peers: float | None = None  # robust deviations from the median of the neighbours' values
    decimals: int = 1  # as people read it; what is stored and exported keeps all of them


@dataclass(frozen=True, slots=True)
class ColourStep:
    """Values from ``start`` on get this colour; shape and words say the same for the colour-blind."""

    start: float
    colour: str  # "#2c7fb8"
    label: Text


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the values of a live layer are compared with: a quantile of the quiet hours of each place.

    A layer that has one is coloured by the ratio to it in per cent, so its steps are percentages.
    """

    title: Text  # "Free flow"
    quantile: float  # of the hourly means: 0.85
    first_hour: int  # of the city's clock, included
    last_hour: int  # excluded; before ``first_hour`` it is an hour of the next morning
    days: int = 28
    limit: str = ""  # the model's field that is never exceeded, and stands in where no such hours are known


@dataclass(frozen=True, slots=True)
class MapLayer:
    """One layer of the live map: a model with a geometry, and the live value that colours it."""

    key: str  # "roads"; the layer id is "<slug>.<key>"
    title: Text
    model: str  # "city.RoadSegment"
    geometry: Literal["point", "line", "polygon"]
    properties: tuple[str, ...] = ()  # model fields that tiles and GeoJSON may carry
    label: str = "name"
    live: str = ""  # StreamKind.key of the value that colours the layer; "" for a still layer
    steps: tuple[ColourStep, ...] = ()
    colour: str = "#5b6b7b"
    min_zoom: int = 0
    category: str = ""  # a model field whose value picks the symbol
    home: bool = False  # a map opens on the bounds of these rows, such as the districts
    public: bool = False  # everybody's map shows it, in any role; all of its fields are public (L1)
    shown: bool = True  # whether a map begins with it
    where: Mapping[str, Any] = field(default_factory=dict)  # which rows of the model, as a filter takes it
    hidden: tuple[str, ...] = ()  # values of ``category`` that a map leaves out at first
    baseline: Baseline | None = None


@dataclass(frozen=True, slots=True)
class DpSgd:
    """A wish to train with differential privacy: the promise, and the norm to which gradients are clipped."""

    epsilon: float
    delta: float  # well below one over the number of blocks
    clip: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """Something to learn: which readings, how far ahead, against which baselines."""

    key: str  # "traffic_speed"; the recipe id is "<slug>.<key>"
    title: Text
    task: Literal["forecast"]
    kind: str  # StreamKind.key of the series
    step: int  # seconds of one time step
    history: int  # steps that the network sees
    horizon: int  # steps that it predicts
    graph: str = ""  # dotted function: (thing ids) -> weights [N, N]
    epochs: int = 30
    privacy: DpSgd | None = None  # for readings that count people: protects each block of history + horizon


@dataclass(frozen=True, slots=True)
class Places:
    """Objects with a place that a planner may name by the code that people know them by."""

    model: str  # "city.InspectionSite"
    key: str  # "code"
    title: Text  # what people call one of them
    label: str = "name"  # the field that says which one it is
    only: tuple[tuple[str, str], ...] = ()  # (field, value): the rows that are offered first


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a planner may set before solving.

    A plan keeps a number or a choice as a number, a date as "2026-11-29", a place as its code, places as a
    list of codes; an empty text or list leaves it to the problem.
    """

    key: str
    title: Text
    default: float | str = 0
    low: float = 0  # of a date: days from today; of places: how many
    high: float = 0
    unit: str = ""
    whole: bool = False
    clock: bool = False  # hours since midnight, which people read as a time of day
    kind: Literal["number", "choice", "date", "place", "places"] = "number"
    choices: tuple[tuple[int, Text], ...] = ()
    places: tuple[Places, ...] = ()
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to plan: who builds it and what the planner may set."""

    key: str  # "inspection_rounds"; the problem id is "<slug>.<key>"
    title: Text
    solver: Literal["vrptw"]
    build: str  # dotted function: (parameters=..., viewer=...) -> BuiltProblem
    parameters: tuple[Parameter, ...] = ()
    cost_unit: str = ""  # UCUM code of cost and bound: "s"
    cost: Text = ""  # what the cost counts


@dataclass(frozen=True, slots=True)
class Keep:
    """A law that forbids to delete a row of a person before its term has passed."""

    law: Text  # as it is cited to the person
    years: int = 0  # length of the term
    since: str = ""  # the field whose time begins the term; while it is empty the term has not begun
    only: tuple[str, str] | None = None  # (field, value): the law speaks of such rows alone


@dataclass(frozen=True, slots=True)
class SubjectRecord:
    """One model whose rows speak of a person: how the person is found, corrected and deleted in it.

    ``identity`` tells which field holds which identifier: ``id_number``, ``phone``, ``name``, ``birth_date``
    or ``number`` (a number that the institution gave). Records that hang on another one name it in ``root``,
    and stand after it in the declaration.
    """

    model: str  # "hospital.Patient"
    title: Text  # what the row is to the person: "patient"
    identity: Mapping[str, str] = field(default_factory=dict)
    root: str = ""  # the foreign key to the record that it hangs on: "patient"
    erase: Literal["delete", "anonymise"] = "delete"
    blank: tuple[str, ...] = ()  # anonymised: fields that are emptied
    soften: tuple[str, ...] = ()  # anonymised: fields that keep the mask of their grade
    correctable: tuple[str, ...] = ()  # fields beside the identity that the person may have corrected
    keeps: tuple[Keep, ...] = ()  # the first one that speaks of a row counts
    is_minor: bool = False  # notices go to the guardian


@dataclass(frozen=True, slots=True)
class StatisticColumn:
    """One column that statistics may use, with its public bounds or its public list of values.

    Bounds and values are written down before anybody looks at the data, or come from a public register;
    they never come from the personal rows, because an extreme value or a rare group would tell of a person.
    """

    key: str  # "hours"
    title: Text
    source: str  # lookup in the rows that the data set gives: "ward__specialty"
    unit: str = ""
    low: int = 0  # values are clamped to low..high
    high: int = 0
    parts: int = 1  # steps in one unit: 10 keeps tenths
    edges: tuple[int, ...] = ()  # borders of the histogram, rising
    values: tuple[tuple[str, Text], ...] = ()  # a column of categories: its values and their titles
    register: str = ""  # dotted function without arguments: such values from a public register


@dataclass(frozen=True, slots=True)
class StatisticalData:
    """Rows about people of which only statistics with differential privacy leave the domain."""

    key: str  # "encounters"; the id is "<slug>.<key>"
    title: Text
    person: Text  # whom the promise protects: "patient"
    model: str  # "hospital.Encounter": what an access grant must speak of
    rows: str  # dotted function: (begin, end) -> QuerySet whose ``person`` tells whom a row is about
    rows_per_person: int  # more rows of one person are left out
    columns: tuple[StatisticColumn, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseColumn:
    """One column of a table about people, as a release of single rows may hold it.

    With a ``hierarchy`` the column is a quasi-identifier, made coarser until the release is anonymous;
    without one it is kept as it is, and ``sensitive`` asks for several values of it in each group of people.
    """

    key: str  # "birth"
    title: Text
    source: str  # lookup in the rows: "patient__birth_date"
    graded: str  # the field whose grade decides who may have it: "hospital.Patient.birth_date"
    hierarchy: Literal["", "category", "birth", "date", "division", "grid"] = ""
    sensitive: bool = False
    is_text: bool = False  # free text: personal data in it are taken out


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """Rows about people that may leave as single rows with pseudonyms, or as counts."""

    key: str  # "encounters"; the id is "<slug>.<key>"
    title: Text
    model: str  # "hospital.Encounter"
    person: str  # lookup of what is the same for one person and another for the next
    columns: tuple[ReleaseColumn, ...]

    def column(self, key: str) -> ReleaseColumn | None:
        """The column called ``key``."""
        return next((column for column in self.columns if column.key == key), None)
