"""The live engine: what is due, reading it, noticing transitions, keeping them, telling. No Textual here.

`schedule`, `budget`, `holds` and `backoff` decide and are pure; `monitor` acts; `snapshot` is what is told.
"""
