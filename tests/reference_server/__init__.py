"""Tests of the reference server, over real sockets."""
