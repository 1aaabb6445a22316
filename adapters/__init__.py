"""Everything that touches the world: chat platforms, video backends, media, the engine, settings, the command line."""
