"""Roads, air, hotline requests and inspection sites of the city."""
