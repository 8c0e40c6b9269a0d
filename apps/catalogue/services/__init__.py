"""Acts on the catalogue; import from here."""
