"""The pretended Telegram keeps Telegram's rules, in Telegram's words."""
