"""A plan drawn in cells: layers, order, places, routes, strokes. Pure: no clock, no screen, no unseeded chance."""
