"""Brings every platform call into the register, simply by importing where it is written."""

from sandbox.api import ENDPOINTS, Endpoint
from sandbox.official_account import custom_messages, js_tickets, menu, qr_codes, subscriptions, templates, users
from sandbox.official_account import mass as official_mass
from sandbox.official_account import media as official_media
from sandbox.official_account import tokens as official_tokens
from sandbox.wecom import contact_ways, customers, directory, kf, mass_tasks, messages, welcome
from sandbox.wecom import media as wecom_media
from sandbox.wecom import tokens as wecom_tokens

MODULES = (
    official_tokens,
    custom_messages,
    templates,
    subscriptions,
    js_tickets,
    official_mass,
    official_media,
    users,
    qr_codes,
    menu,
    wecom_tokens,
    messages,
    wecom_media,
    directory,
    customers,
    contact_ways,
    welcome,
    mass_tasks,
    kf,
)
ALL_CALLS: tuple[Endpoint, ...] = tuple(ENDPOINTS.values())
