"""What an editor takes home."""
