"""Type: fonts that never draw a box, and text set in them. Shared by all that draws words; runs in workers only."""
