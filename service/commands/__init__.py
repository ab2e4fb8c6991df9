"""Commands of `scam-atlas` that are more than a function each."""
