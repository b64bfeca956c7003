"""What the record comes to in figures: measures with their formulas, over any period."""
