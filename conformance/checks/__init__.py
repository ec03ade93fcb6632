"""One module per topic of the specification; each check judges facts and knows nothing of how they came about.

A check never sends, sleeps or looks at the clock. It may import `check`, `views`, `trace` and `shapes`.
"""
