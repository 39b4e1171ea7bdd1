"""Who can be speaking."""

CUSTOMER, STRANGER, PROGRAM = "customer", "stranger", "program"
STAFF = ("advisor", "manager", "headquarters")
