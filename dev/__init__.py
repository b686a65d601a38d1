"""Set-up, local Galaxy and checks of the suite: ``python3 -m dev --help``. Standard library only."""
