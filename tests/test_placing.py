"""The same customers get the same segments wherever they are placed, to the last bit of the confidence."""

from __future__ import annotations

import numpy as np
import pytest

from tests.placed_customers import CONDITIONS, differences, differing_conditions, people, segmentations
from tools.engine import Engine
from tools.placing.functions import exp, log1p, yeo_johnson
from tools.placing.sheets import InMemory
from tools.segments.assigning import assign
from tools.segments.holding import holds


def test_the_engine_places_customers_as_memory_does() -> None:
    engine, everybody = Engine(), people()
    engine.store("people", everybody)
    found = differences(engine, everybody) | differing_conditions(engine, everybody)
    assert found == dict.fromkeys(found, 0)
    engine.close()


def test_every_condition_of_the_test_holds_for_some_and_not_for_all() -> None:
    everybody = people()
    met = {f"{one}": holds(one, everybody).mean() for one in CONDITIONS}
    assert {name: part for name, part in met.items() if not 0 < part < 1} == {}


def test_every_model_of_the_test_uses_several_segments() -> None:
    everybody = people()
    for name, segmentation in segmentations().items():
        labels = set(assign(segmentation, everybody).labels.tolist())
        assert len(labels) > 1, name


def test_of_equally_near_centres_the_first_one_counts() -> None:
    everybody = people()
    found = assign(segmentations()["ties"], everybody)
    three = everybody["orders"].fillna(3).to_numpy() == 3  # as far from 4 as from 2
    assert set(found.labels[three].tolist()) == {0} and found.confidence[three].max() == 0


def test_functions_are_those_of_mathematics() -> None:
    rng, sheet = np.random.default_rng(1), InMemory()
    x = np.concatenate([rng.lognormal(0, 20, 50_000), rng.random(5_000) * 1e-12, [0.0, 1e300, 5e-324]])
    (logs,) = log1p(sheet, [x])
    assert (np.abs(logs - np.log1p(x)) <= 2 * np.spacing(np.log1p(x))).all()
    t = np.concatenate([rng.normal(0, 200, 50_000), rng.normal(0, 1e-9, 1_000), [0.0]]).clip(-700, 700)
    (raised,) = exp(sheet, [t])
    assert (np.abs(raised - np.exp(t)) <= 2 * np.spacing(np.exp(t))).all()
    assert (
        exp(sheet, [np.array([1e9, -1e9])])[0].tolist() == exp(sheet, [np.array([700.0, -700.0])])[0].tolist()
    )


@pytest.mark.parametrize("power", [-1.5, 0.0, 0.7, 1.0, 2.0, 3.0])
def test_yeo_johnson_is_that_of_scipy(power: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    x = np.random.default_rng(2).normal(0, 3, 2_000)
    (bent,) = yeo_johnson(InMemory(), [x], [power])
    assert bent == pytest.approx(stats.yeojohnson(x, power), rel=1e-12)
