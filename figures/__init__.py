"""The figures, one a file: docstring = caption, `rows()` = slow plain data, `draw()` = drawing."""
