"""The live engine: a polling loop that reads what is due, detects transitions, saves them and publishes snapshots.

These decide and are pure: about hot updates `schedule`, `rate_budget`, `account_holds`, `fairness`, `read_dispatch`,
`read_outcomes`, `spare_budget`, `transitions` and `loop_timing`; about their jobs `job_schedule`, `known_job`,
`permissions` and `effect_judgement`. `monitor`, `poll_loop` and `job_observer` act; `snapshot` is what listeners
receive. Nothing here imports Textual.
"""
