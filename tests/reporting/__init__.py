"""Tests of `appliance.reporting`."""
