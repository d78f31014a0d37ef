"""Property tests: no deadline (a busy machine is no fault of the code); the same examples each time in CI."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "stillroom",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("stillroom")
