"""Connection to a running Galaxy, whose address and key are in GALAXY_URL and GALAXY_API_KEY."""

import os

import pytest
from bioblend.galaxy import GalaxyInstance


@pytest.fixture(scope="session")
def galaxy() -> GalaxyInstance:
    missing = [name for name in ("GALAXY_URL", "GALAXY_API_KEY") if not os.environ.get(name)]
    if missing:
        pytest.fail(f"Set {' and '.join(missing)} to the address and key of a running Galaxy.")
    return GalaxyInstance(os.environ["GALAXY_URL"], os.environ["GALAXY_API_KEY"])
