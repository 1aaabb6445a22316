"""The job engine behind the `Engine` port: when and where a job's code runs.

`dbos_engine.DbosEngine` is the port, `rows` reads and writes the engine's tables, `upkeep` keeps them true, `threads`
keeps the engine's threads and its loop apart from ours. Nothing outside this package imports dbos.
"""
