"""The claims, one theorem a file; the file's name is the theorem's."""
