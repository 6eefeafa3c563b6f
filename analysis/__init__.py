"""An analytical report on a reported cash burn of about one billion dollars a month."""

import time

__version__ = "2.0.0"
STARTED = time.perf_counter()  # when the process did, or nearly
