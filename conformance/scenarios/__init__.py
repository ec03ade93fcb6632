"""One module per story. A scenario drives a server through `client` and never judges what comes back."""
