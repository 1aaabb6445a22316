"""Telegram, by the real library over loopback."""
