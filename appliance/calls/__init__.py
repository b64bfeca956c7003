"""Who talks with whom, and for how long."""
