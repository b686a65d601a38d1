"""Sequences of DNA, RNA, proteins and other letters: reading, encoding and comparing them."""
