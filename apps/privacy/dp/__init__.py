"""Differential privacy: questions, contribution bounds and mechanisms. OpenDP and no Django.

Every mechanism here is pure epsilon-differentially private (delta = 0). Neighbouring data sets differ by
all rows of one person. Rows are bounded first (``bounding``), counted and summed in whole numbers, and
OpenDP adds the noise (``noise``, ``quantiles``); nothing here draws a random number by itself.
"""
