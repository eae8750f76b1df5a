"""The service's answers as types, lenient parsing, plan decoding and masking. No I/O.

`ref`, `state`, `effect` and `tracking` import only the standard library, because the first frame of the dashboard is
drawn from them; `answer`, `result` and `plan` use pydantic and are imported when an answer is parsed.
"""
