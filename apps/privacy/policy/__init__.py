"""The decision itself: pure, without a query or a clock. Other apps ask ``apps.privacy.services``."""
