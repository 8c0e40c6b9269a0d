"""From decoded rows to rows in the table: streams, quality, COPY. Used by every door."""
