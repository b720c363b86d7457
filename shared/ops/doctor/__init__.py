"""`luotsi doctor`: each file looks at one thing, and says what is wrong with it, why that matters and what to do."""
