"""Files that people bring: CSV in UTF-8 or GB18030, Parquet, and Excel workbooks."""
