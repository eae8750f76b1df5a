"""What can be wrong with the store, told apart by what the user can do about it.

StoreError
├── StoreBusy       another process held it for too long: trying again helps
├── StoreFull       no room on the disk, or the quota is used up
├── StoreReadOnly   this user may not write (or not even open) the file or its folder
├── StoreTooNew     written by a newer hottui: nothing was touched
└── StoreCorrupt    the file is damaged or no database
"""


class StoreError(Exception):
    """The store could not do what it was asked; `sentence` says why, `hint` what to do next (it may be empty)."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class StoreBusy(StoreError):
    """Other processes kept the store locked for longer than was waited."""


class StoreFull(StoreError):
    """There is no room to write in."""


class StoreReadOnly(StoreError):
    """The file or its folder cannot be written, or cannot be opened at all, by this user."""


class StoreTooNew(StoreError):
    """The store was written by a newer version; it was left as it is."""


class StoreCorrupt(StoreError):
    """The file is damaged. It is set aside when the store is opened or used next."""
