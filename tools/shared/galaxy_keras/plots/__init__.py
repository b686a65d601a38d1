"""What plots show: their numbers and a description of the image, whatever draws it."""
