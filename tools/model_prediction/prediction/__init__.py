"""Form, samples and predictions of the prediction tool."""
