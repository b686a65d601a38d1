"""Files: complete or absent on the way out; untrusted JSON, zip and HDF5 read within bounds."""
