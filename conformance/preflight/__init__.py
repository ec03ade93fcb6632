"""Before anything is judged: is there a server, which revisions does it speak, and if none, why?"""
