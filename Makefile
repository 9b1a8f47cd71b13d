# Where there is no make, `python3 run.py …` does the same.
.PHONY: demo test quick lint

demo test quick lint:
	@python3 run.py $@ $(ARGS)
