"""What one can ask a workspace. Every question looks through a `View`, for one audience, and answers in plain values."""
