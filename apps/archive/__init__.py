"""Retention, Parquet lake, backup and restore drill."""
