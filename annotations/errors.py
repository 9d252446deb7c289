"""The errors a user may meet: each says what happened and, where it helps, what to do."""

_NOT_SAVED = "Not saved: "


class HashiyaError(Exception):
    """A fault that a reader of articles can understand.

    Args:
        message: What happened, in one sentence.
        hint: What to do about it, or nothing.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()

    def __reduce__(self) -> tuple[object, ...]:
        """Return how to pickle it, whatever a subclass is made from."""
        return (_again, (type(self), self.message, self.hint))


def _again(kind: type[HashiyaError], message: str, hint: str) -> HashiyaError:
    error = kind.__new__(kind)
    HashiyaError.__init__(error, message, hint)
    return error


def reason_of(error: Exception) -> str:
    """Return what the system says of a fault, without the number and the path."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


class CorpusError(HashiyaError):
    """An article or a folder of them can't be read."""


class SchemeError(HashiyaError):
    """The scheme file says something that makes no scheme."""


class StoreError(HashiyaError):
    """A layer can't be read or written."""


class NotSavedError(StoreError):
    """A layer can't be written.

    Args:
        reason: Why, in one sentence.
        hint: What to do about it, or nothing.
    """

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(f"{_NOT_SAVED}{reason}", hint)

    @property
    def reason(self) -> str:
        """Why, for who was told already that it is not saved."""
        return str(self).removeprefix(_NOT_SAVED)


class ImportRefusedError(HashiyaError):
    """A record of an import does not fit the corpus."""


class MissingExtraError(HashiyaError):
    """A library that is not installed with Hashiya unless asked for.

    Args:
        extra: The name under which it is installed with Hashiya.
        what: What needs it.
    """

    def __init__(self, extra: str, what: str) -> None:
        super().__init__(
            f"{what} needs a library that is not installed.",
            f"Install it with: pip install 'hashiya[{extra}]'",
        )


class FormatError(HashiyaError):
    """An export can't be written in a format, or a file is not of it."""
