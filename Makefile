# The commands by their short names; the work is in scripts/.
.PHONY: help setup test check demo bench bench-gallery bench-mrz samples lock bundle

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile

setup: ## make .venv with everything needed
	scripts/bootstrap

test: ## run all tests
	scripts/test

check: ## style, types, direction of imports, words
	scripts/check

demo: ## run the main job on samples/
	scripts/demo

bench: ## run a benchmark: make bench NAME=...
	scripts/bench $(NAME)

bench-mrz: ## the MRZ reader against its peers: make bench-mrz LABELS=...
	scripts/bench mrz $(LABELS) $(ARGS)

bench-gallery: ## exact identification against bare products, memory bandwidth and faiss
	scripts/bench gallery

samples: setup ## make the invented specimens anew
	.venv/bin/python scripts/make_samples.py

lock: ## write the pinned requirements anew
	scripts/lock

bundle: ## write wheels for a site without a network: make bundle DIR=...
	scripts/bundle $(DIR)
