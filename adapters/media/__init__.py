"""Looking at pictures and clips of strangers, and working on finished ones: one worker process per operation.

`gate` is the `bot.ports.Gate`, `room` everything else that is done to clips; `worker` is the process. `pictures`,
`footage`, `stills`, `remux`, `shrink`, `join`, `blend` and `sound` hold its operations, `opening` and `conform` what they
stand on; these alone import Pillow, numpy and av.
"""
