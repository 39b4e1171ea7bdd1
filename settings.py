"""One frozen, typed object from the environment, checked once; secrets never in its repr."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

VAR = Path("var")
DATA_KEYS_FILE = VAR / "data-keys"

# The sandbox plays these accounts; they hold only while APP_ENV is development.
SANDBOX = {
    "oa_app_id": "wx5a1b2c3d4e5f6071",
    "oa_app_secret": "sandbox-oa-secret",
    "oa_token": "SandboxOfficialAccountToken26",
    "oa_aes_key": "cpVOeWxee+RYPlcf0j7+by2YX9XuVmWZoQK6kWGDvX0",
    "wecom_corp_id": "ww0123456789abcdef",
    "wecom_agent_id": 1000002,
    "wecom_secret": "sandbox-wecom-secret",
    "wecom_token": "SandboxWeComToken2026112100abcde",
    "wecom_aes_key": "PZagcsVU1jhiVl3NuTb+TRKugvrs8V9PUpX+zmb222o",
    "oa_template_maintenance_due": "TPL_MAINTENANCE_DUE",
    "oa_template_appointment_reminder": "TPL_APPOINTMENT_REMINDER",
    "oa_template_membership_change": "TPL_MEMBERSHIP_CHANGE",
    "oa_template_service_status": "TPL_SERVICE_STATUS",
    "oa_subscribe_appointment_reminder": "SUB_APPOINTMENT_REMINDER",
}
# What no real account can have: WeCom gives its first application the same agent id in every corp.
SANDBOX_ONLY = tuple(name for name in SANDBOX if "template" not in name and name != "wecom_agent_id")
# Characters of a webhook token below which guessing it is thinkable (the signature is no HMAC).
TOKEN_MIN_LENGTH = 24


class InvalidSettings(SystemExit):
    """The process stops here; the text names every fault and no secret."""


class Settings(BaseSettings):
    """What may be set from outside. Every field's description is its help text."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    app_env: Literal["development", "production"] = Field(
        "development", description="production refuses unsafe settings"
    )
    database_url: str = Field("sqlite:///var/shop.db", repr=False, description="SQLite, or postgresql+psycopg://…")
    redis_url: str = Field("", repr=False, description="redis://… or unix://…; empty: what `make run` starts")
    oa_app_id: str = Field("", description="official account: AppID")
    oa_app_secret: SecretStr = Field(SecretStr(""), description="official account: AppSecret")
    oa_token: SecretStr = Field(SecretStr(""), description="official account: call-back token, 24 characters or more")
    oa_aes_key: SecretStr = Field(SecretStr(""), description="official account: EncodingAESKey, 43 characters")
    oa_mode: Literal["encrypted", "plain"] = Field("encrypted", description="plain only in development")
    oa_api_base: str = Field("", description="default https://api.weixin.qq.com; the sandbox in development")
    oa_template_appointment_reminder: str = Field("", description="template id: appointment reminder")
    oa_template_maintenance_due: str = Field("", description="template id: maintenance due")
    oa_template_membership_change: str = Field("", description="template id: change of a member tier")
    oa_template_service_status: str = Field("", description="template id: status of a service order")
    oa_subscribe_appointment_reminder: str = Field("", description="subscription notice id: appointment reminder")
    wecom_corp_id: str = Field("", description="WeCom: corp id")
    wecom_agent_id: int = Field(0, description="WeCom: agent id of the self-built application")
    wecom_secret: SecretStr = Field(SecretStr(""), description="WeCom: secret of that application")
    wecom_token: SecretStr = Field(SecretStr(""), description="WeCom: call-back token, 24 to 32 letters and digits")
    wecom_aes_key: SecretStr = Field(SecretStr(""), description="WeCom: EncodingAESKey, 43 characters")
    wecom_api_base: str = Field("", description="default https://qyapi.weixin.qq.com; the sandbox in development")
    wecom_contacts_token: SecretStr = Field(SecretStr(""), description="optional: contacts-sync assistant, token")
    wecom_contacts_aes_key: SecretStr = Field(SecretStr(""), description="optional: contacts-sync assistant, key")
    public_url: str = Field("http://127.0.0.1:8000", description="what links in messages begin with")
    data_keys: SecretStr = Field(
        SecretStr(""), description="encryption keys of personal fields, newest first, comma list"
    )
    timezone: str = Field("Asia/Shanghai", description="the shop's time zone")
    clock_url: str = Field("", description="development only: an address that tells the time")
    quiet_hours: str = Field("21:00-09:00", description="no marketing push inside")
    shop_name: str = Field("拾光里珠宝", description="the brand as customers read it")
    member_day: int = Field(8, ge=1, le=28, description="day of the month")
    membership_file: str = Field("", description="rules of segments, tiers and points; empty: crm/members.yaml")
    person_month_cap: int = Field(
        4, ge=1, le=31, description="marketing pushes per person and calendar month, all channels"
    )
    tombstones_file: str = Field(
        "var/tombstones", description="erasures outside the database, for after a restore; keep it apart from backups"
    )
    retention_conversations_months: int = Field(
        24, ge=1, le=600, description="months for which the words of conversations, visits and pushes are kept"
    )
    retention_inbox_days: int = Field(30, ge=7, le=3650, description="days for which messages are kept as they came")
    retention_questions_months: int = Field(
        24, ge=1, le=24, description="months for which the words of unanswered questions are kept"
    )
    sandbox_port: int = Field(8001, description="development only: where the sandbox listens")

    @classmethod
    def load(cls) -> Self:
        """Read environment and `.env`; raises InvalidSettings naming every fault."""
        return cls()

    @model_validator(mode="wrap")
    @classmethod
    def _whole(cls, values: dict[str, Any], check: ModelWrapValidatorHandler[Self]) -> Self:
        """Every fault at once: those of single values, and what production misses or refuses."""
        given = _with_the_sandbox(values)
        faults: list[str] = []
        settings = None
        try:
            settings = check(given)
        except ValidationError as error:
            faults = [f"{'.'.join(map(str, fault['loc'])).upper()} {_said(fault['msg'])}" for fault in error.errors()]
        if given.get("app_env") == "production":
            faults += _production_faults(lambda name: _plain(getattr(settings, name) if settings else given.get(name)))
        if faults or settings is None:
            raise InvalidSettings("Settings are not usable:\n  " + "\n  ".join(faults))
        return settings

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError("must look like 21:00-09:00")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("is no time zone, such as Asia/Shanghai") from None
        return value

    @field_validator("oa_aes_key", "wecom_aes_key", "wecom_contacts_aes_key")
    @classmethod
    def _aes_key(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if text and not re.fullmatch(r"[A-Za-z0-9+/]{43}", text):
            raise ValueError("must be the 43 letters and digits of an EncodingAESKey")
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def quiet(self) -> tuple[time, time]:
        """Beginning and end of the quiet hours, in the shop's time zone."""
        begin, end = self.quiet_hours.split("-")
        return time.fromisoformat(begin), time.fromisoformat(end)

    @property
    def oa_api(self) -> str:
        return self.oa_api_base or "https://api.weixin.qq.com"

    @property
    def wecom_api(self) -> str:
        return self.wecom_api_base or "https://qyapi.weixin.qq.com"

    def keys(self) -> list[str]:
        """The data keys, newest first; in development made once and kept in `var/`."""
        text = self.data_keys.get_secret_value() or self._development_keys()
        return [key.strip() for key in text.split(",") if key.strip()]

    def _development_keys(self) -> str:
        if not DATA_KEYS_FILE.exists():
            VAR.mkdir(exist_ok=True)
            made = base64.urlsafe_b64encode(os.urandom(32)).decode()
            temporary = DATA_KEYS_FILE.with_suffix(f".{os.getpid()}")
            temporary.write_text(made)
            temporary.chmod(0o600)
            try:
                os.link(temporary, DATA_KEYS_FILE)  # two processes starting together keep one key
            except FileExistsError:
                pass
            finally:
                temporary.unlink()
        return DATA_KEYS_FILE.read_text()


REQUIRED_IN_PRODUCTION = (
    "data_keys",
    "redis_url",
    "oa_app_id",
    "oa_app_secret",
    "oa_token",
    "oa_aes_key",
    "wecom_corp_id",
    "wecom_agent_id",
    "wecom_secret",
    "wecom_token",
    "wecom_aes_key",
)


def _with_the_sandbox(values: dict[str, Any]) -> dict[str, Any]:
    """In development whatever is not set is the sandbox's."""
    if str(values.get("app_env", "development")) != "development":
        return values
    sandbox = f"http://127.0.0.1:{values.get('sandbox_port', 8001)}"
    return {**SANDBOX, "oa_api_base": f"{sandbox}/oa", "wecom_api_base": f"{sandbox}/wecom", **values}


def _production_faults(value: Callable[[str], str]) -> list[str]:
    faults = [f"{name.upper()} is missing" for name in REQUIRED_IN_PRODUCTION if not value(name)]
    faults += [
        f"{name.upper()} is shorter than {TOKEN_MIN_LENGTH} characters"
        for name in ("oa_token", "wecom_token")
        if 0 < len(value(name)) < TOKEN_MIN_LENGTH
    ]
    faults += [f"{name.upper()} is the sandbox's" for name in SANDBOX_ONLY if value(name) == str(SANDBOX[name])]
    if value("oa_mode") == "plain":
        faults.append("OA_MODE=plain does not sign what customers write")
    if value("clock_url"):
        faults.append("CLOCK_URL is for development")
    addresses = {name: value(name) for name in ("oa_api_base", "wecom_api_base", "public_url")}
    return faults + [
        f"{name.upper()} must begin with https://"
        for name, address in addresses.items()
        if address and urlsplit(address).scheme != "https"
    ]


def _said(message: str) -> str:
    """pydantic's words without its own preface."""
    return message.removeprefix("Value error, ")


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value or "")
