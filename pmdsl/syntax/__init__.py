"""Text → tree → syntax tree, and back: the lexer, the parser, the printer and the formatter."""
