"""Thousands of requests to one server, of which many are broken off and many fail: does it stay as small as it was?"""
