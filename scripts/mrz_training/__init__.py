"""What scripts/train_mrz.py trains the line recogniser with: texts, renders, network, measures."""
