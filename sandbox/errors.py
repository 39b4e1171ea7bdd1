"""Everything that can go wrong in the sandbox, as one small tree.

SandboxError
├── RefusedError         the platform answers a call with an error code
├── NotPossibleError     the person at the page (or a test) asked for something that cannot be done
├── UnusableReplyError   the bot's passive reply is not valid: the customer sees the notice
├── CryptoError          an envelope is not ours: signature, padding, length or receiver
└── BadSettingError      a setting or a CSV file cannot be used; the sandbox does not start
"""


class SandboxError(Exception):
    """Root of the tree; never raised itself."""


class RefusedError(SandboxError):
    """The platform answers with `errcode`; `text` replaces the usual message, `extra` joins the answer."""

    def __init__(self, errcode: int, text: str | None = None, **extra: object) -> None:
        super().__init__(text or str(errcode))
        self.errcode = errcode
        self.text = text
        self.extra = extra


class NotPossibleError(SandboxError):
    """Raised by control actions; its text is shown on the page. Repeating it does not help."""


class UnusableReplyError(SandboxError):
    """The body of a push's answer breaks the platform's rules; the text says which one."""


class CryptoError(SandboxError):
    """A signature, a padding, a length or a receiver does not fit."""


class BadSettingError(SandboxError):
    """The environment or a CSV file holds a value the sandbox cannot start with."""
