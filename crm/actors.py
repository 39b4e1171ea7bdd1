"""Who asks: a member of staff, the operator at the command line, or the program itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

from crm.errors import NotAllowed
from crm.models import Role, Staff


@dataclass(frozen=True, slots=True)
class Actor:
    """Whose rights hold, and whose name stands in the audit log."""

    name: str
    role: Role | Literal["operator", "program"]
    staff_id: int | None = None
    store_id: int | None = None

    @classmethod
    def of(cls, staff: Staff) -> Self:
        """A member of staff; raises NotAllowed for one who has left."""
        if staff.left_at is not None:
            raise NotAllowed(f"{staff.userid} has left the shop.")
        return cls(staff.userid, staff.role, staff.id, staff.store_id)

    @classmethod
    def operator(cls, name: str = "operator") -> Self:
        """Whoever may run `flask` commands on the machine."""
        return cls(name, "operator")

    @classmethod
    def program(cls, name: str) -> Self:
        """A job of the program, such as "retention"."""
        return cls(name, "program")
