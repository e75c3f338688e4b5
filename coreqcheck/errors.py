"""The errors that people see: plain sentences that say what, where and what to do."""


class CoreqcheckError(Exception):
    """Base of every error that coreqcheck raises on purpose; ``str()`` is one line for a person."""


class UsageError(CoreqcheckError):
    """The command was called in a way that it cannot serve."""


class ConfigError(CoreqcheckError):
    """A configuration file says something that is not understood."""


class RuleError(CoreqcheckError):
    """A rule file says something that is not understood."""


class ReadError(CoreqcheckError):
    """A manuscript cannot be read.

    ``code`` is a stable short name (``encrypted``, ``no-text-layer``, ...) for programs;
    the message names the remedy for people, not the file: whoever reports it knows the path.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
