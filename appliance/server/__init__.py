"""Routes and sockets: who may see what happened."""
