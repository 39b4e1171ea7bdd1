"""What is stored: one file per part of the shop's work."""

from crm.models.catalogue import Piece, PieceStatus, Pricing, Style
from crm.models.deliveries import Delivery, DeliveryState, Purpose, Send
from crm.models.mail import InboxRow, InboxState, KfCursor
from crm.models.operation import AuditEntry, JobMark, Lease, ShopFact, WrappedKey
from crm.models.people import Consent, Customer, Identity, IdentityKind, NameIndex
from crm.models.places import Role, Staff, Store
from crm.models.purchases import Purchase, PurchaseKind
from crm.models.talks import Conversation, Direction, Interaction, Talk

__all__ = [
    "AuditEntry",
    "Consent",
    "Conversation",
    "Customer",
    "Delivery",
    "DeliveryState",
    "Direction",
    "Identity",
    "IdentityKind",
    "InboxRow",
    "InboxState",
    "Interaction",
    "JobMark",
    "KfCursor",
    "Lease",
    "NameIndex",
    "Piece",
    "PieceStatus",
    "Pricing",
    "Purchase",
    "PurchaseKind",
    "Purpose",
    "Role",
    "Send",
    "ShopFact",
    "Staff",
    "Store",
    "Style",
    "Talk",
    "WrappedKey",
]
