"""The edge agent: collects, cleans, keeps and forwards readings where the line may fail."""
