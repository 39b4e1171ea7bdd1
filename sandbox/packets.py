"""XML as the platforms write it, and the careful reading of what the bot answers."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from sandbox.errors import UnusableReplyError

Json = dict[str, Any]


def cdata(text: str) -> str:
    """Text as CDATA, whatever it holds."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _node(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_node(name, item) for item in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_nodes(value)}</{name}>"
    inner = cdata(value) if isinstance(value, str) else str(value)
    return f"<{name}>{inner}</{name}>"


def _nodes(fields: Mapping[str, Any]) -> str:
    return "".join(_node(name, value) for name, value in fields.items() if value is not None)


def to_xml(fields: Mapping[str, Any]) -> str:
    """Strings become CDATA, numbers stay bare, lists repeat their node, None leaves it out."""
    return f"<xml>{_nodes(fields)}</xml>"


def _value(element: ElementTree.Element) -> Any:
    if len(element) == 0:
        return element.text or ""
    fields: Json = {}
    for child in element:
        value = _value(child)
        if child.tag not in fields:
            fields[child.tag] = value
        elif isinstance(fields[child.tag], list):
            fields[child.tag].append(value)
        else:
            fields[child.tag] = [fields[child.tag], value]
    return fields


def from_xml(text: str) -> Json:
    """The nodes below <xml> as a dictionary. Raises UnusableReplyError."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnusableReplyError("the reply holds a document type")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError):
        raise UnusableReplyError("the reply is not well-formed XML") from None
    if root.tag != "xml":
        raise UnusableReplyError("the reply's root node is not <xml>")
    fields = _value(root)
    return fields if isinstance(fields, dict) else {}


def as_list(value: Any) -> list[Any]:
    """A repeated node is a list, a single one is not: always a list here."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]
