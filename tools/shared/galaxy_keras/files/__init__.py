"""Read untrusted JSON, zip and HDF5 files within limits, and write files completely or not at all."""
