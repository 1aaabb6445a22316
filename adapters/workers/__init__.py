"""Short-lived worker processes: one operation each, JSON in and out, under limits, gone when nobody waits any more.

Used by every wing that touches media (`adapters/media`, the embedded backends of `adapters/video`): a decoder that
crashes, hangs or eats memory takes one operation with it, never Throughline; and numpy, av and Pillow stay out of the
main process. `child` runs inside the worker, `process` on our side.
"""
