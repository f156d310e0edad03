# The commands by their short names; the work is in scripts/.
.PHONY: help setup test check demo bench samples lock bundle

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

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

samples: setup ## make the invented specimens anew
	.venv/bin/python scripts/make_samples.py

lock: ## write the pinned requirements anew
	scripts/lock

bundle: ## write wheels for a site without a network: make bundle DIR=...
	scripts/bundle $(DIR)
