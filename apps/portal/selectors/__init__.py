"""Questions of the portal's pages; every answer has passed the policy kernel."""
