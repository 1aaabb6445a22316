"""Chat platforms, one folder each: `listen` (events in), `post` (cards out), `render` (Card → the platform's own form)."""
