"""Safety (安全): hazards from the finding to the re-check by somebody else, and the honest rate."""
