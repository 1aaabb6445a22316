"""Pictures that a chat shows beside words: the shot card, a take's lineage, a palette strip. Drawn in the worker only.

`frames` takes stills from a clip, `palette` finds its colours, `ink` holds what all of them are drawn with; `shot_card`
and `lineage` are the pictures. Everything is drawn by Pillow, without numpy: loading it would cost more than the drawing.
"""
