"""The written form of a plan: the shape of each part, which the reader, the writer and the schema share."""
