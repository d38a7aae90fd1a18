"""Programs that measure the figures which the README states; none of them is a timed test."""
