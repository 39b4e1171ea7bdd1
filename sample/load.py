"""`python -m sample.load`: the newest schema, and the sample shop where there is no shop yet."""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import func, select

from assembly import Parts, open_parts
from crm.models import ShopFact
from crm.services.schema import migrate
from crm.services.tables import Accounts, import_table, tables
from settings import Settings

HERE = Path(__file__).parent


def main() -> int:
    settings = Settings.load()
    migrate(settings.database_url)
    parts = open_parts(settings)
    if settings.app_env == "development" and _is_empty(parts):
        print("首次启动：正在载入示例门店 / loading the sample shop …", flush=True)
        _load(parts)
    return 0


def _is_empty(parts: Parts) -> bool:
    with parts.sessions() as session:
        # What is loaded last: a load that was interrupted is taken up again.
        return not session.scalar(select(func.count()).select_from(ShopFact))


def _load(parts: Parts) -> None:
    settings = parts.settings
    known = tables(settings.zone, Accounts(settings.oa_app_id, settings.wecom_corp_id))
    for kind, table in known.items():
        report = import_table(parts.sessions, table, HERE / f"{kind}.csv", parts.clock.now())
        print(f"  {kind}: {report.new}", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
