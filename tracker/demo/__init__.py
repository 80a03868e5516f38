"""The demo world: a small true story of 2019, served on loopback under a virtual clock.

`content.py` loads the bytes under `data/`, `register.py` answers as the Federal Register does,
`inspection.py` as its public inspection, `press.py` renders feeds and article pages, `server.py` puts
all behind one port.
"""

from datetime import date

from tracker.demo.content import config_files
from tracker.demo.server import DemoWorld

FIRST_DAY = date(2019, 4, 1)
LAST_DAY = date(2019, 10, 10)
DAYS = tuple(date.fromordinal(day) for day in range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1))

__all__ = ["DAYS", "FIRST_DAY", "LAST_DAY", "DemoWorld", "config_files"]
