"""Facts as Parquet files for analysts: engine of `luotsi export`. Needs pyarrow, the extra `export`."""
