"""What the shop's pages share: its data and its rules."""
