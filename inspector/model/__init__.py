"""What goes on, as it stands at this moment: sessions, streams, calls and rows, built from records."""
