"""What the site knows: articles, found by what is said in a call."""
