"""What must be said in a call, and what must not: the site's rules, live."""
