"""Streams that may be endless, or unpack to more than a machine has: read no further than told."""

import errno
import gzip
import io
import os
from collections.abc import Iterator
from typing import IO, Final

LONGEST: Final = 64 << 20
"""Bytes of the longest line, record or field that is read."""
_TIMES: Final = 100
"""How many times its size a file may unpack to, and `LONGEST` more; text packs to a tenth."""


def bounded_lines(stream: IO[bytes], longest: int = LONGEST) -> Iterator[tuple[bytes | None, int]]:
    """Read lines with their sizes in bytes; one that is too long comes as None."""
    while line := stream.readline(longest + 1):
        size = len(line)
        if size <= longest:
            yield line, size
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(1 << 20)
            size += len(line)
        yield None, size


class _Unpacking(io.RawIOBase):
    """What a gzip file holds, up to a size that one of texts does not pass."""

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__()
        self._packed = packed
        self._unpacked = gzip.GzipFile(fileobj=packed, mode="rb")
        self._most = LONGEST + _TIMES * os.fstat(packed.fileno()).st_size

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]  # as io has it
        content = self._unpacked.read1(len(buffer))
        if self._unpacked.tell() > self._most:
            why = f"it unpacks to more than {_TIMES} times its size"
            raise OSError(errno.EFBIG, why)
        buffer[: len(content)] = content
        return len(content)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._unpacked.seek(offset, whence)

    def tell(self) -> int:
        return self._unpacked.tell()

    def close(self) -> None:
        if not self.closed:
            self._unpacked.close()
            self._packed.close()
        super().close()


def unpacked(packed: IO[bytes]) -> IO[bytes]:
    """Read a gzip file as what it holds; closing it closes the file.

    A read raises OSError where it unpacks to far more than texts do.
    """
    return io.BufferedReader(_Unpacking(packed), 1 << 16)
