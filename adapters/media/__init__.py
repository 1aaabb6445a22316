"""Looking at pictures and clips of strangers, and making stills of them: one worker process per operation.

`gate` is the `bot.ports.Gate`; `worker` is the process; `pictures` and `footage` hold its operations and alone import
Pillow, numpy and av.
"""
