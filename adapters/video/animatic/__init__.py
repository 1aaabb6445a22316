"""The animatic: an honest previsualisation, drawn from the same brief that a paid model would get. No key, no GPU.

Words → `spec.ShotSpec` (`parsing`, in the main process: standard library only, so that "Show the prompt" can tell what was
understood) → picture and sound (`render`, `sound`; in a short-lived worker process, with numpy, Pillow and PyAV).
"""

from adapters.video.animatic.backend import Animatic, build, configured

__all__ = ["Animatic", "build", "configured"]
