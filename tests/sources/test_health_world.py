"""Health of sources over days under heavy faults: each illness is told once, its end once, and nothing of those who are well."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from tests.quality.source_health import expected, run
from tests.sources.conftest import SHARED


@pytest.fixture(autouse=True)
def _retries_that_do_not_wait() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2, cap=True):
        yield


@pytest.mark.slow
def test_under_heavy_faults_only_lasting_troubles_are_told_and_once(tmp_path: Path) -> None:
    if not (SHARED / "world").is_dir():
        pytest.skip("the simulated world is not beside this checkout")
    found, failed = run(tmp_path / "home", days=8, seed=2, faults="heavy", every="3h")
    assert found == expected()
    assert failed > 80, "the faults were not many"
