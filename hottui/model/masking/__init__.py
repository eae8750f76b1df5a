"""Masking of secrets in answers and messages, on screen, on disk and in the clipboard.

A secret is recognised by its key (`keys`), wherever it occurs: a conf key at any depth, a field added by the service,
a key in a plan that is embedded as text, or a `key=value` in free text (`pairs`, `text`); and by its own shape, such as
a PEM block or a JWT (`shapes`). `json_values` masks JSON by its structure and writes it again, so that an answer stays
an answer. `messages` masks error messages, which may echo a request.

Masked is the default everywhere; only the dashboard can be asked to show the value.
"""

from hottui.model.masking.json_values import mask_answer, mask_json, mask_value
from hottui.model.masking.keys import looks_secret
from hottui.model.masking.pairs import MASK
from hottui.model.masking.text import mask_text

__all__ = ["MASK", "looks_secret", "mask_answer", "mask_json", "mask_text", "mask_value"]
