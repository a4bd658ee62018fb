"""What one can ask a workspace.

Every question looks through a `View`, for one audience, and answers in plain values: codes, dates and choices. Words
are lent to an answer where it is shown, for those who may read them.
"""
