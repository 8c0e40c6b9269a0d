"""Files that people bring: CSV in UTF-8 or GB18030, and Parquet."""
