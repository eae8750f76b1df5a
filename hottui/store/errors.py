"""Errors of the store, one class for each remedy.

HottuiError
└── StoreError               exit code 5 unless noted
    ├── StoreBusy            locked by another process for too long: retry
    ├── StoreFull            disk full or quota exceeded
    ├── StoreReadOnly        no permission to write or open the file or its folder
    ├── StoreTooNew          created by a newer hottui: left unchanged
    ├── StoreCorrupt         the file is damaged or not a database
    └── InvalidDocument      2: not an export of hottui (defined in hottui.store.export_import)
"""

from hottui.errors import HottuiError


class StoreError(HottuiError):
    """Base class: an operation of the store failed."""


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
