"""PostgreSQL's own programs: backups, the log that follows them, and a scratch cluster to restore into."""
