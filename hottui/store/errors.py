"""Errors of the store, one class for each remedy.

StoreError
├── StoreBusy       locked by another process for too long: retry
├── StoreFull       disk full or quota exceeded
├── StoreReadOnly   no permission to write or open the file or its folder
├── StoreTooNew     created by a newer hottui: left unchanged
└── StoreCorrupt    the file is damaged or not a database
"""


class StoreError(Exception):
    """The store could not do what it was asked; `sentence` says why, `hint` what to do next (it may be empty)."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class StoreBusy(StoreError):
    """Other processes kept the store locked until the timeout."""


class StoreFull(StoreError):
    """The disk is full or the quota exceeded."""


class StoreReadOnly(StoreError):
    """This user cannot write, or cannot open, the file or its folder."""


class StoreTooNew(StoreError):
    """The store was created by a newer version; it is left unchanged."""


class StoreCorrupt(StoreError):
    """The file is damaged. It is set aside (renamed) at the next use of the store."""
