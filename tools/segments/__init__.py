"""What a segmentation is: applied, made by rules, edited, compared, checked for fairness."""
