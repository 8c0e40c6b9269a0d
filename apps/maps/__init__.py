"""Vector tiles and GeoJSON features, under the policy kernel."""
