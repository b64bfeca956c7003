"""How the customer's words read, line by line, and where the call is going."""
