"""Who calls: the site's customers, how they are found, and which of them is in a call."""
