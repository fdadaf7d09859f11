"""Names of companies, goods, programs, medicines and languages that a model takes for people."""
