"""What the service says, as types, and what can be told from it without asking anyone: no I/O here.

`ref`, `state`, `text`, `tracking` need the standard library alone, because the first frame of the dashboard is
painted from them; `answer`, `result` and `plan` use pydantic and are imported when an answer is read.
"""
