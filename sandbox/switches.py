"""Faults and moods that a tester can switch on."""

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from sandbox.errors import NotPossibleError
from sandbox.packets import Json


@dataclass
class Switches:
    """Numbers count down to nought by being used; the rest stays until it is changed."""

    # The next N calls of the bot (token calls are spared) answer -1, 45011 or HTTP 502.
    busy: int = 0
    rate_limited: int = 0
    http_502: int = 0
    # Every call of the bot takes this much longer.
    slow_ms: int = 0
    # The next N calls do their work, then lose the connection.
    reset_after_work: int = 0
    # Every call answers 40001, whatever token it brings.
    token_always_bad: bool = False
    # Every push is sent three times; the next N pushes are lost; each waits this long first.
    duplicate_push: bool = False
    lose_push: int = 0
    delay_push_ms: int = 0
    # Repeated pushes get a new timestamp, nonce and signature instead of the same bytes.
    fresh_repeats: bool = False
    # After three failed pushes the platform stays silent for a minute, as the real one does.
    mark_fail: bool = False
    # New contacts come without a WelcomeCode (an administrator set a welcome text).
    no_welcome_code: bool = False
    # "manual": an advisor confirms a mass-send task himself; "auto": at once.
    mass_confirm: str = "manual"
    # What TEMPLATESENDJOBFINISH says.
    template_result: str = "success"
    # The next N pulls get an empty page with has_more; the next N KF messages fail after errcode 0.
    kf_empty_page: int = 0
    kf_send_fails: int = 0
    # The application's address is not on the list of trusted ones: WeCom answers 60020.
    untrusted_ip: bool = False

    CHOICES: ClassVar[dict[str, tuple[str, ...]]] = {
        "mass_confirm": ("manual", "auto"),
        "template_result": ("success", "failed:user block", "failed: system failed"),
    }

    def set(self, name: str, value: Any) -> None:
        """Raises NotPossibleError for an unknown name or a value of the wrong kind."""
        kinds = {one.name: type(getattr(self, one.name)) for one in fields(self)}
        if name not in kinds or type(value) is not kinds[name]:
            raise NotPossibleError(f"没有这个开关，或值不对：{name[:40]}={str(value)[:40]}")
        if name in self.CHOICES and value not in self.CHOICES[name]:
            raise NotPossibleError(f"{name} 只能是 {'、'.join(self.CHOICES[name])}")
        setattr(self, name, max(value, 0) if kinds[name] is int else value)

    def use(self, name: str) -> bool:
        """True when a counting switch was on; counts it down."""
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left > 0

    def as_json(self) -> Json:
        return asdict(self)
