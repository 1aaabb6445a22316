"""Discord and Telegram from end to end: real libraries, a real house, real clips; members speak at pretended platforms."""
