"""The running Galaxy: its address and key come from the environment variables GALAXY_URL and GALAXY_API_KEY."""

import os

import pytest
from bioblend.galaxy import GalaxyInstance


@pytest.fixture(scope="session")
def galaxy() -> GalaxyInstance:
    missing = [name for name in ("GALAXY_URL", "GALAXY_API_KEY") if not os.environ.get(name)]
    if missing:
        pytest.fail(f"environment: found no {' and no '.join(missing)}; expected address and key of a running Galaxy")
    return GalaxyInstance(os.environ["GALAXY_URL"], os.environ["GALAXY_API_KEY"])
