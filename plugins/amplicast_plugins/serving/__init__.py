"""Serving models: from device and model to streams and device time."""
