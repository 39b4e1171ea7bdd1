"""Tables in and out: the kinds that `flask shop import` and `export` know, one engine for all."""

from crm.services.tables.beside_customers import Accounts
from crm.services.tables.declarations import Refusal, Table
from crm.services.tables.exporting import export_table
from crm.services.tables.importing import Report, import_table
from crm.services.tables.kinds import tables

__all__ = ["Accounts", "Refusal", "Report", "Table", "export_table", "import_table", "tables"]
