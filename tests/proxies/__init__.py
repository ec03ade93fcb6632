"""The suite through proxies that stand in front of real servers."""
