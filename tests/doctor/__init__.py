"""What is looked at, found healthy and found broken."""
