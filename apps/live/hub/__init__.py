"""The in-process hub: one Redis subscription, one frame a layer and policy class, bounded queues."""
