"""What an editor takes home: lists of the cut in three formats, subtitles, prompts, and the film as one portable file. Pure.

Every list counts in frames of `bot.cut.RATE` and names its media as they lie in the zip, never where they lie on a machine.
"""
