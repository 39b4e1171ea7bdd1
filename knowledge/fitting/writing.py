"""Weights as the source of `knowledge/weights.py`."""

from collections.abc import Mapping
from dataclasses import fields

from knowledge.weighing import Evidence, Scale

HEAD = '''"""What each piece of evidence counts, as `python -m knowledge.fitting` finds it: not by hand."""

from knowledge.weighing import Evidence, Scale

'''


def as_module(scale: Scale, plain: Mapping[str, float]) -> str:
    """The source of `knowledge/weights.py`."""
    names = [(each.name, getattr(scale.weights, each.name)) for each in fields(Evidence)]
    lines = [f"        {name}={weight},\n" for name, weight in names if weight]
    shop = f"SHOP = Scale(\n    Evidence(\n{''.join(lines)}    ),\n    bias={scale.bias},\n)\n"
    return HEAD + shop + "PLAIN = {\n" + "".join(f'    "{name}": {weight},\n' for name, weight in plain.items()) + "}\n"
