"""Development commands of the repository; see ``python3 -m dev --help``. Uses only the standard library."""
