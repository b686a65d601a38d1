"""What a Galaxy form sends: its JSON document, and its choices of columns and samples."""
