"""The screens, driven by keys and mouse as a user would."""
