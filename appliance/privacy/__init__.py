"""What people say of themselves and of their money, and how it stays out of the record."""
