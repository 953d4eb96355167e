"""Turns rows of plain data into figures, tables and the report page; imports no other room."""
