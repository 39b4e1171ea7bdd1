"""The sandbox's settings, read once from the environment under the same names the bot uses."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.crypto import CallbackKeys
from sandbox.errors import BadSettingError

DEFAULTS = {
    "SANDBOX_HOST": "127.0.0.1",
    "SANDBOX_PORT": "8001",
    "PORT": "8000",
    "SHOP_NAME": "拾光里珠宝",
    "OA_APP_ID": "wx5a1b2c3d4e5f6071",
    "OA_APP_SECRET": "sandbox-oa-secret",
    "OA_TOKEN": "SandboxOfficialAccountToken26",
    "OA_AES_KEY": "cpVOeWxee+RYPlcf0j7+by2YX9XuVmWZoQK6kWGDvX0",
    "OA_ORIGINAL_ID": "gh_1a2b3c4d5e6f",
    "OA_MODE": "encrypted",
    "WECOM_CORP_ID": "ww0123456789abcdef",
    "WECOM_AGENT_ID": "1000002",
    "WECOM_SECRET": "sandbox-wecom-secret",
    "WECOM_TOKEN": "SandboxWeComToken2026112100abcde",
    "WECOM_AES_KEY": "PZagcsVU1jhiVl3NuTb+TRKugvrs8V9PUpX+zmb222o",
    "SANDBOX_PEOPLE": "sample/customers.csv",
    "SANDBOX_STAFF": "sample/staff.csv",
}
# An empty value is meant here: "never write the state".
DEFAULT_STATE = "var/sandbox.json"
OA_MODES = ("encrypted", "compat", "plain")


@dataclass(frozen=True)
class OfficialAccount:
    app_id: str
    secret: str
    keys: CallbackKeys
    original_id: str
    mode: str


@dataclass(frozen=True)
class WeComApp:
    corp_id: str
    agent_id: int
    secret: str
    keys: CallbackKeys


@dataclass(frozen=True)
class Config:
    """Everything the sandbox must know before it starts. Times in seconds of real time."""

    oa: OfficialAccount
    wecom: WeComApp
    bot_url: str
    host: str
    port: int
    people_csv: Path
    staff_csv: Path
    state_file: Path | None
    shop_name: str
    # Both platforms cut the connection after 5 s and try three times in all.
    answer_limit: float = 5.0
    attempts: int = 3
    retry_pause: float = 1.0
    # How long the results of template and mass messages take to come back.
    receipt_delay: float = 0.3

    @property
    def public_url(self) -> str:
        return f"http://{self.host}:{self.port}"


def from_environment(environment: Mapping[str, str]) -> Config:
    """Reads the settings; empty counts as absent, except SANDBOX_STATE. Raises BadSettingError."""
    found = {name: environment.get(name, "").strip() or default for name, default in DEFAULTS.items()}
    state = environment.get("SANDBOX_STATE", DEFAULT_STATE).strip()
    return Config(
        oa=_official_account(found),
        wecom=_wecom_app(found),
        bot_url=(environment.get("BOT_URL", "").strip() or f"http://127.0.0.1:{_number(found, 'PORT')}").rstrip("/"),
        host=found["SANDBOX_HOST"],
        port=_number(found, "SANDBOX_PORT"),
        people_csv=Path(found["SANDBOX_PEOPLE"]),
        staff_csv=Path(found["SANDBOX_STAFF"]),
        state_file=Path(state) if state else None,
        shop_name=found["SHOP_NAME"],
    )


def _official_account(found: Mapping[str, str]) -> OfficialAccount:
    if found["OA_MODE"] not in OA_MODES:
        raise BadSettingError(f"OA_MODE is {found['OA_MODE']!r}; it must be one of {', '.join(OA_MODES)}.")
    keys = CallbackKeys(found["OA_TOKEN"], _aes_key(found, "OA_AES_KEY"), found["OA_APP_ID"])
    return OfficialAccount(found["OA_APP_ID"], found["OA_APP_SECRET"], keys, found["OA_ORIGINAL_ID"], found["OA_MODE"])


def _wecom_app(found: Mapping[str, str]) -> WeComApp:
    keys = CallbackKeys(found["WECOM_TOKEN"], _aes_key(found, "WECOM_AES_KEY"), found["WECOM_CORP_ID"])
    return WeComApp(found["WECOM_CORP_ID"], _number(found, "WECOM_AGENT_ID"), found["WECOM_SECRET"], keys)


def _number(found: Mapping[str, str], name: str) -> int:
    if not found[name].isdecimal():
        raise BadSettingError(f"{name} is {found[name]!r}; it must be a number.")
    return int(found[name])


def _aes_key(found: Mapping[str, str], name: str) -> str:
    try:
        size = len(base64.b64decode(found[name] + "=", validate=True))
    except ValueError:
        size = 0
    if size != 32:
        raise BadSettingError(f"{name} must be the 43 characters of an EncodingAESKey.")
    return found[name]
