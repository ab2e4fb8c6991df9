"""The claims: what sources say of places, when, and how surely; and how it is kept."""
