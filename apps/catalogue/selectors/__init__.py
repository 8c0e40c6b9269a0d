"""Questions about the catalogue; import from here."""
