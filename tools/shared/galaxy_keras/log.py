"""The log of a job: a ``logging`` handler that writes to standard output, in the order that Galaxy's users need.

Below a dataset, Galaxy shows the first 255 characters of standard output and standard error together. Therefore the
results come first if a job succeeds, and nothing comes before the error if it fails. Galaxy redirects the output of a
job to a regular file. Lines are written to it immediately, so that users can watch it, and reordered at the end. A pipe
cannot be reordered, so lines are kept back until the end or until the first progress line.
"""

import fcntl
import logging
import os
import stat
import sys
from enum import Enum

from galaxy_keras.messages import make_one_line


class Output(Enum):
    """Kinds of standard output, which determine when a line is written."""

    FILE = "lines are written immediately and reordered at the end"
    PIPE = "lines are kept back until the end or the first progress line"
    TERMINAL = "lines are written immediately, results last"


class JobLog(logging.Handler):
    """Handler that writes each record as one printable line to standard output and never fails.

    Records may have the attribute ``is_result`` (written before all other lines) or ``is_progress`` (written
    immediately, also to a pipe)."""

    def __init__(self) -> None:
        super().__init__()
        self._reset(Output.TERMINAL, 0)

    def _reset(self, output: Output, start: int) -> None:
        self._output, self._start = output, start
        self._pending: list[str] = []
        self._results: list[str] = []
        self._has_progress = False

    def start(self) -> None:
        """Start the log of a job at the current end of standard output."""
        self._reset(*_inspect_output())

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line or keep it back."""
        line = make_one_line(record.getMessage()) + "\n"
        if getattr(record, "is_result", False):
            self._results.append(line)
            return
        self._pending.append(line)
        self._has_progress = self._has_progress or getattr(record, "is_progress", False)
        if self._has_progress or self._output is not Output.PIPE:
            self.write_pending()

    def write_pending(self) -> None:
        """Write the lines that were kept back."""
        _write("".join(self._pending))
        self._pending = []

    def keep_all(self) -> None:
        """End the log of a job that fails with a traceback: write all lines."""
        self.write_pending()
        self._reset(Output.TERMINAL, 0)

    def finish(self) -> None:
        """End the log of a job that succeeds: write the results, before all other lines if possible."""
        before, after = "", "".join(self._pending)
        if self._output is Output.FILE:
            before = self._take_back()
        _write("".join(self._results) + before + after)
        self._reset(Output.TERMINAL, 0)

    def drop(self) -> str:
        """End the log of a job that fails with a message: remove its lines from the file.

        Returns
        -------
        str
            The removed lines if the job had logged progress; otherwise empty.
        """
        lines = self._take_back() if self._output is Output.FILE else ""
        lines = lines if self._has_progress else ""
        self._reset(Output.TERMINAL, 0)
        return lines

    def _take_back(self) -> str:
        """Remove from the file what the job and its libraries wrote, and return it."""
        try:
            sys.stdout.flush()
            number = sys.stdout.fileno()
            # The shell opened the file for writing only, so open it again for reading.
            with open(f"/proc/self/fd/{number}", "rb") as file:
                file.seek(self._start)
                content = file.read()
            os.lseek(number, self._start, os.SEEK_SET)
            os.ftruncate(number, self._start)
        except (OSError, ValueError):
            return ""
        return content.decode(sys.stdout.encoding, errors="replace")


def _inspect_output() -> tuple[Output, int]:
    """Return the kind of standard output and the position where the output of the job starts."""
    try:
        number = sys.stdout.fileno()
        found = os.fstat(number)
        if os.isatty(number):
            return Output.TERMINAL, 0
        # Do not move lines of other processes or of standard error.
        is_shared = fcntl.fcntl(number, fcntl.F_GETFL) & os.O_APPEND or os.path.samestat(found, os.fstat(2))
        if stat.S_ISREG(found.st_mode) and not is_shared:
            return Output.FILE, os.lseek(number, 0, os.SEEK_CUR)
    except (AttributeError, OSError, ValueError):
        # Standard output is closed, or a test replaced it by an object without a file descriptor.
        pass
    return Output.PIPE, 0


def _write(text: str) -> None:
    """Write to standard output without buffering; if the disk is full or the reader is gone, the text is lost."""
    try:
        sys.stdout.flush()
        number = sys.stdout.fileno()
    except (AttributeError, OSError, ValueError):
        # Standard output is closed, or a test replaced it.
        if sys.stdout is not None and not sys.stdout.closed:
            sys.stdout.write(text)
        return
    content = text.encode(sys.stdout.encoding, errors="backslashreplace")
    try:
        # Bypass Python's buffer, which would fail again when Python exits.
        while content:
            content = content[os.write(number, content) :]
    except OSError:
        pass


_logger = logging.getLogger("galaxy_keras")
_logger.setLevel(logging.INFO)
# Libraries add handlers to the root logger.
_logger.propagate = False
job_log = JobLog()
_logger.addHandler(job_log)


def say(line: str) -> None:
    """Log a line, which the handler makes printable and cuts to the length of a message."""
    _logger.info("%s", line)


def say_progress(line: str) -> None:
    """Log a line about the progress of a long job, which is written immediately."""
    _logger.info("%s", line, extra={"is_progress": True})


def put_first(line: str) -> None:
    """Log a result, such as the final scores, which is written before all other lines if the job succeeds."""
    _logger.info("%s", line, extra={"is_result": True})
