"""Masking of secrets in answers and messages, on screen, on disk and in the clipboard.

A secret is recognized by its key (`keys`): a conf key at any depth, a field added by the service, a key in a plan
embedded as text, or a `key=value` in free text (`pairs`, `text`); and by its form, such as a PEM block or a JWT
(`shapes`). `json_values` masks JSON by its structure, so that a masked answer can still be parsed. `messages` masks
error messages, which may echo a request.

Secrets are masked everywhere by default; only the dashboard can show them.
"""

from hottui.model.masking.json_values import mask_answer, mask_json, mask_value
from hottui.model.masking.keys import looks_secret
from hottui.model.masking.pairs import MASK
from hottui.model.masking.text import mask_text, masked_line

__all__ = ["MASK", "looks_secret", "mask_answer", "mask_json", "mask_text", "mask_value", "masked_line"]
