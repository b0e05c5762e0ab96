"""How the shipped weights are made: the encoder, the corpora as training sentences, the training loop."""
