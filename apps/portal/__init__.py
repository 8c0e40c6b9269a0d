"""The admin portal and the live map: pages that combine what is below."""
