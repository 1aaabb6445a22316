"""The linter: labelled prompts, what has to hold for any text, and its offers on cards."""
