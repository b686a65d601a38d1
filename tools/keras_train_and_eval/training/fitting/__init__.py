"""How an estimator is compiled, fitted and evaluated."""
