"""How a segmentation's model puts customers into segments: the same steps in memory and in the engine."""
