"""What read models are made of: kinds of rows, often of several of them, and the nested parts of their answers."""
