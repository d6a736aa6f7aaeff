"""What the installed libraries contain; no worker is needed."""
