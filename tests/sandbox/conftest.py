"""A fresh sandbox for each test, with a small shop of its own and a fake bot at the other end."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.app import create_app
from sandbox.config import Config, from_environment
from tests.sandbox.fake_bot import FakeBot, serve
from tests.sandbox.playing import Sandbox

CUSTOMERS = """code,name,advisor_userid,openid,unionid,external_userid
C0001,周芸,lin.yue,oShop_zhouyun,uShop_zhouyun,wmShop_zhouyun
C0002,徐铭,wu.an,oShop_xuming,uShop_xuming,wmShop_xuming
C0003,沈洁,,oShop_shenjie,uShop_shenjie,
C0004,无微信,,,,
"""
STAFF = """userid,name,role,store_code,phone
wu.an,吴安,advisor,HZ01,13700000102
lin.yue,林悦,advisor,HZ01,13700000101
chen.jing,陈静,manager,HZ02,13700000103
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with the shop's two CSV files."""
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "staff.csv").write_text(STAFF, encoding="utf-8")
    return tmp_path


@pytest.fixture
def config(shop: Path) -> Config:
    """Settings with short real-time pauses and no state file."""
    found = from_environment(
        {"SANDBOX_STATE": "", "SANDBOX_PEOPLE": str(shop / "customers.csv"), "SANDBOX_STAFF": str(shop / "staff.csv")}
    )
    return replace(found, answer_limit=0.5, retry_pause=0.01, receipt_delay=0.0)


@pytest.fixture
def bot(config: Config) -> Iterator[FakeBot]:
    bot = FakeBot(config)
    server = serve(bot)
    bot.config = replace(config, bot_url=f"http://127.0.0.1:{server.server_port}")
    yield bot
    server.shutdown()
    server.server_close()


@pytest.fixture
def sandbox(bot: FakeBot) -> Sandbox:
    app = create_app(bot.config)
    return Sandbox(app.test_client(), app.extensions["sandbox"])
