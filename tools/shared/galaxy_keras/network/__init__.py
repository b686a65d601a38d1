"""What a network is: its architecture file, its inputs and outputs, its size and its diagram."""
