"""The live engine: a polling loop that reads what is due, detects transitions, saves them and publishes snapshots.

`schedule`, `rate_budget`, `account_holds`, `fairness`, `read_dispatch` and `read_outcomes` decide and are pure;
`monitor` and `poll_loop` act; `snapshot` is what listeners receive. Nothing here imports Textual.
"""
