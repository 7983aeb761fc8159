"""From documents to a dataset that can be queried: one module per step, in the order the data passes."""
