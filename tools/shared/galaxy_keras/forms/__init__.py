"""Read the JSON document of a Galaxy form and its column and sample choices."""
