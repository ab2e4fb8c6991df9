"""What can be asked and drawn: the list of layers, their queries, encodings and symbols."""
