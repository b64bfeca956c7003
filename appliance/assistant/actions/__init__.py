"""The action an agent takes next: learnt from the site's own calls, and told in calls."""
