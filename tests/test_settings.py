"""Settings: safe defaults, every fault in one message, no secret in sight, all of them documented."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from settings import DATA_KEYS_FILE, SANDBOX, InvalidSettings, Settings
from tests.databases import SqliteFiles

ROOT = Path(__file__).parent.parent
NAMES = tuple(Settings.model_fields)
SECRETS = [name for name, field in Settings.model_fields.items() if field.annotation is SecretStr]
# A real shop's settings, as production wants them.
PRODUCTION = {
    "APP_ENV": "production",
    "DATABASE_URL": "postgresql+psycopg://shop:s3cret-of-database@db/shop",
    "REDIS_URL": "redis://:s3cret-of-redis@redis:6379/0",
    "OA_APP_ID": "wx0f1e2d3c4b5a6978",
    "OA_APP_SECRET": "s3cret-of-account",
    "OA_TOKEN": "s3cretTokenOfTheAccount2026",
    "OA_AES_KEY": "s3cretKeyOfTheAccountABCDEFGHIJKLMNOPQRSTUV",
    "WECOM_CORP_ID": "wwfedcba9876543210",
    "WECOM_AGENT_ID": "1000007",
    "WECOM_SECRET": "s3cret-of-wecom",
    "WECOM_TOKEN": "s3cretTokenOfWeCom20261121",
    "WECOM_AES_KEY": "s3cretKeyOfWeComABCDEFGHIJKLMNOPQRSTUVWXYZa",
    "PUBLIC_URL": "https://shop.example",
    "DATA_KEYS": "s3cretDataKeyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
}


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither this machine's environment nor its `.env` counts."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A shop in production; a test changes what it is about."""
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def complaint() -> str:
    with pytest.raises(InvalidSettings) as stopped:
        Settings.load()
    return str(stopped.value)


def test_without_any_setting_it_is_a_development_shop_in_the_sandbox() -> None:
    settings = Settings.load()
    assert settings.app_env == "development"
    assert settings.database_url == "sqlite:///var/shop.db"
    assert (settings.redis_url, settings.clock_url) == ("", "")
    assert (settings.shop_name, settings.member_day, settings.person_month_cap) == ("拾光里珠宝", 8, 4)
    assert settings.quiet == (time(21), time(9))
    assert str(settings.zone) == "Asia/Shanghai"
    assert (settings.oa_api, settings.wecom_api) == ("http://127.0.0.1:8001/oa", "http://127.0.0.1:8001/wecom")


@pytest.mark.parametrize("name", SANDBOX)
def test_every_account_value_is_the_sandboxs_in_development(name: str) -> None:
    value = getattr(Settings.load(), name)
    assert (value.get_secret_value() if isinstance(value, SecretStr) else value) == SANDBOX[name]


def test_moving_the_sandboxs_port_moves_the_platforms_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_PORT", "9001")
    assert Settings.load().oa_api == "http://127.0.0.1:9001/oa"


def test_what_is_set_wins_over_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OA_APP_ID", "wx_our_own")
    assert Settings.load().oa_app_id == "wx_our_own"


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name.upper(), "")
    assert Settings.load().member_day == 8


def test_a_file_env_is_read_and_the_environment_wins_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("MEMBER_DAY=18\nSHOP_NAME=云上珠宝\nOA_APP_SECRETS=misspelt\n", encoding="utf-8")
    monkeypatch.setenv("MEMBER_DAY", "28")
    assert (Settings.load().member_day, Settings.load().shop_name) == (28, "云上珠宝")


def test_settings_never_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings.load().member_day = 9  # type: ignore[misc]


def test_production_takes_a_shops_real_settings(given: pytest.MonkeyPatch) -> None:
    settings = Settings.load()
    assert (settings.oa_api, settings.wecom_api) == ("https://api.weixin.qq.com", "https://qyapi.weixin.qq.com")
    assert settings.keys() == [PRODUCTION["DATA_KEYS"]]


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"APP_ENV", "DATABASE_URL", "PUBLIC_URL"}))
def test_production_names_what_is_missing(given: pytest.MonkeyPatch, name: str) -> None:
    given.delenv(name)
    assert f"{name} is missing" in complaint()


@pytest.mark.parametrize("name", sorted(name for name in SANDBOX if "template" not in name and "agent" not in name))
def test_production_refuses_the_sandboxs_values(given: pytest.MonkeyPatch, name: str) -> None:
    given.setenv(name.upper(), str(SANDBOX[name]))
    assert f"{name.upper()} is the sandbox's" in complaint()


def test_production_takes_the_agent_id_that_wecom_gives_to_the_first_application_of_every_corp(
    given: pytest.MonkeyPatch,
) -> None:
    given.setenv("WECOM_AGENT_ID", "1000002")
    assert Settings.load().wecom_agent_id == 1000002


UNSAFE = {
    "OA_MODE": ("plain", "OA_MODE=plain"),
    "OA_TOKEN": ("short", "OA_TOKEN is shorter than 24"),
    "WECOM_TOKEN": ("short", "WECOM_TOKEN is shorter than 24"),
    "CLOCK_URL": ("https://sandbox.example/clock", "CLOCK_URL is for development"),
    "PUBLIC_URL": ("http://shop.example", "PUBLIC_URL must begin with https://"),
    "OA_API_BASE": ("http://127.0.0.1:8001/oa", "OA_API_BASE must begin with https://"),
    "WECOM_API_BASE": ("http://127.0.0.1:8001/wecom", "WECOM_API_BASE must begin with https://"),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_production_refuses_what_is_unsafe(given: pytest.MonkeyPatch, name: str) -> None:
    value, sentence = UNSAFE[name]
    given.setenv(name, value)
    assert sentence in complaint()


@pytest.mark.parametrize("name", ["OA_MODE", "OA_TOKEN", "WECOM_TOKEN", "CLOCK_URL", "PUBLIC_URL"])
def test_development_takes_what_production_refuses(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, UNSAFE[name][0])
    assert Settings.load().app_env == "development"


def test_all_faults_of_production_stand_in_one_message(given: pytest.MonkeyPatch) -> None:
    for name, (value, _) in UNSAFE.items():
        given.setenv(name, value)
    given.delenv("OA_APP_SECRET")
    said = complaint()
    assert [sentence for _, sentence in UNSAFE.values() if sentence not in said] == []
    assert "OA_APP_SECRET is missing" in said


BAD = {
    "APP_ENV": "staging",
    "MEMBER_DAY": "29",
    "PERSON_MONTH_CAP": "0",
    "WECOM_AGENT_ID": "one",
    "OA_MODE": "secret",
    "OA_AES_KEY": "s3cret-too-short",
    "WECOM_AES_KEY": "s3cret-with-a-sign-in-it!",
    "WECOM_CONTACTS_AES_KEY": "s3cret",
    "QUIET_HOURS": "21-9",
    "TIMEZONE": "Mars/Olympus",
    "SANDBOX_PORT": "http",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, BAD[name])
    assert f"  {name} " in complaint()


def test_all_bad_values_stand_in_one_message_and_none_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in BAD.items():
        monkeypatch.setenv(name, value)
    said = complaint()
    assert [name for name in BAD if f"  {name} " not in said] == []
    assert "s3cret" not in said


def test_a_bad_value_does_not_hide_what_production_misses(given: pytest.MonkeyPatch) -> None:
    given.setenv("MEMBER_DAY", "29")
    given.delenv("OA_TOKEN")
    said = complaint()
    assert "MEMBER_DAY" in said
    assert "OA_TOKEN is missing" in said


@pytest.mark.parametrize("shown", [repr, str, lambda settings: f"{settings!r:>10}"])
def test_no_secret_shows(given: pytest.MonkeyPatch, shown: object) -> None:
    assert callable(shown)
    assert "s3cret" not in shown(Settings.load())


def test_no_secret_stands_in_a_complaint(given: pytest.MonkeyPatch) -> None:
    given.setenv("PUBLIC_URL", "http://shop.example")
    given.setenv("OA_TOKEN", "s3cret")
    assert "s3cret" not in complaint()


@pytest.mark.parametrize("name", SECRETS)
def test_whatever_is_secret_is_of_a_type_that_hides_it(name: str) -> None:
    assert "vvvv" not in repr(Settings.model_validate({name: "v" * 43}))


def test_whatever_sounds_secret_is_secret() -> None:
    assert [name for name in NAMES if re.search("secret|token|key", name) and name not in SECRETS] == []


def test_development_makes_its_data_key_once_and_keeps_it_to_itself() -> None:
    keys = Settings.load().keys()
    assert Settings.load().keys() == keys
    assert len(keys) == 1
    assert DATA_KEYS_FILE.stat().st_mode & 0o777 == 0o600


def test_data_keys_are_a_list_with_the_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_KEYS", " new , old ,")
    assert Settings.load().keys() == ["new", "old"]


BROKEN = {
    "a wrong value": {"MEMBER_DAY": "40"},
    "production without anything": {"APP_ENV": "production"},
    "a database that nobody knows": {"DATABASE_URL": "nonsense"},
    "a database that we cannot use": {"DATABASE_URL": "mysql://root:s3cret@db/shop"},
    "a Redis that is none": {"REDIS_URL": "s3cret-nonsense"},
    "a data key that is none": {"DATA_KEYS": "s3cret"},
    "a database without our tables": {"DATABASE_URL": "sqlite:///empty.db"},
}


@pytest.mark.parametrize("fault", BROKEN)
def test_the_process_stops_with_one_message_and_no_traceback(
    tmp_path: Path, sqlite_files: SqliteFiles, fault: str
) -> None:
    """The real entry point: what gunicorn loads."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": sqlite_files.new(tmp_path)}
    command, environment = [sys.executable, "-c", "import wsgi"], {**environment, **BROKEN[fault]}
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "s3cret" not in done.stderr + done.stdout
    assert done.stderr.strip()


EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_stands_in_the_example_with_its_help_and_default(name: str) -> None:
    field = Settings.model_fields[name]
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    assert field.description
    assert f"# {field.description}\n#{name.upper()}={default}\n" in EXAMPLE


def test_the_example_names_nothing_else_and_sets_nothing() -> None:
    lines = [line for line in EXAMPLE.splitlines() if line]
    assert all(line.startswith("#") for line in lines)
    assert {line[1:].partition("=")[0].lower() for line in lines if re.match(r"#[A-Z_]+=", line)} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_stands_in_the_operators_guide(name: str) -> None:
    assert name.upper() in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
