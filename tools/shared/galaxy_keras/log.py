"""The job's log on standard output, in the order in which Galaxy's users need it.

Galaxy shows the first 255 characters of standard output and standard error together below a dataset. So the result
comes first when a job succeeds, and nothing comes before the error when it fails. Galaxy lets a job write into a
regular file, which can be put in order at the end while everybody can watch it grow. A pipe cannot: there, lines are
held back until the end or until the first line about progress.
"""

import fcntl
import logging
import os
import stat
import sys
from enum import Enum

from galaxy_keras.messages import make_one_line


class Output(Enum):
    """What standard output is, which decides when a line is shown."""

    FILE = "each line at once; put in order at the end"
    PIPE = "lines are held back until the end or the first line about progress"
    TERMINAL = "each line at once, results last"


class JobLog(logging.Handler):
    """Write each record as one printable line to standard output; never fail."""

    def __init__(self) -> None:
        super().__init__()
        self._reset(Output.TERMINAL, 0)

    def _reset(self, output: Output, start: int) -> None:
        self._output, self._start = output, start
        self._held: list[str] = []
        self._results: list[str] = []
        self._has_progress = False

    def start(self) -> None:
        """Begin a job's log at the present end of standard output."""
        self._reset(*_inspect_output())

    def emit(self, record: logging.LogRecord) -> None:
        """Show the line, or hold it back."""
        line = make_one_line(record.getMessage()) + "\n"
        if getattr(record, "is_result", False):
            self._results.append(line)
            return
        self._held.append(line)
        self._has_progress = self._has_progress or getattr(record, "is_progress", False)
        if self._has_progress or self._output is not Output.PIPE:
            self.show_held()

    def show_held(self) -> None:
        """Show the lines that were held back."""
        _write("".join(self._held))
        self._held = []

    def give_up(self) -> None:
        """End the log of a job with a defect: all lines stay."""
        self.show_held()
        self._reset(Output.TERMINAL, 0)

    def finish(self) -> None:
        """Show the results, before all other lines if possible."""
        before, after = "", "".join(self._held)
        if self._output is Output.FILE:
            before = self._take_back()
        _write("".join(self._results) + before + after)
        self._reset(Output.TERMINAL, 0)

    def drop(self) -> str:
        """Take back all lines that can be taken back, and return those of a job that had shown progress."""
        said = self._take_back() if self._output is Output.FILE else ""
        said = said if self._has_progress else ""
        self._reset(Output.TERMINAL, 0)
        return said

    def _take_back(self) -> str:
        """Return what the job, or a library in it, wrote into the file, and cut it off."""
        try:
            sys.stdout.flush()
            number = sys.stdout.fileno()
            # The shell opened it for writing only.
            with open(f"/proc/self/fd/{number}", "rb") as file:
                file.seek(self._start)
                content = file.read()
            os.lseek(number, self._start, os.SEEK_SET)
            os.ftruncate(number, self._start)
        except (OSError, ValueError):
            return ""
        return content.decode(sys.stdout.encoding, errors="replace")


def _inspect_output() -> tuple[Output, int]:
    """Return what standard output is, and the position in it where the job begins."""
    try:
        number = sys.stdout.fileno()
        found = os.fstat(number)
        if os.isatty(number):
            return Output.TERMINAL, 0
        # Nobody else's lines may be moved: neither those that others append nor the errors.
        is_shared = fcntl.fcntl(number, fcntl.F_GETFL) & os.O_APPEND or os.path.samestat(found, os.fstat(2))
        if stat.S_ISREG(found.st_mode) and not is_shared:
            return Output.FILE, os.lseek(number, 0, os.SEEK_CUR)
    except (AttributeError, OSError, ValueError):
        # Standard output is closed, or is an object of a test.
        pass
    return Output.PIPE, 0


def _write(text: str) -> None:
    """Write to standard output at once; a disk that is full or a reader that is gone costs the line, not the job."""
    try:
        sys.stdout.flush()
        number = sys.stdout.fileno()
    except (AttributeError, OSError, ValueError):
        # Of a test, or closed.
        if sys.stdout is not None and not sys.stdout.closed:
            sys.stdout.write(text)
        return
    content = text.encode(sys.stdout.encoding, errors="backslashreplace")
    try:
        # Past Python's buffer, which would try again, and fail, when Python ends.
        while content:
            content = content[os.write(number, content) :]
    except OSError:
        pass


_logger = logging.getLogger("galaxy_keras")
_logger.setLevel(logging.INFO)
# Libraries give the root logger handlers of their own.
_logger.propagate = False
job_log = JobLog()
_logger.addHandler(job_log)


def say(line: str) -> None:
    """Write a line to the job's log: printable and cut to the length of a message, whatever it holds."""
    _logger.info("%s", line)


def say_progress(line: str) -> None:
    """Write a line that somebody who watches a long job wants to see at once."""
    _logger.info("%s", line, extra={"is_progress": True})


def put_first(line: str) -> None:
    """Keep a line of the result, such as the final scores; when the job succeeds, it comes before all other lines."""
    _logger.info("%s", line, extra={"is_result": True})
