"""Forms that are generated from Keras' own signatures; runs in the tools' environment, which has Keras."""
