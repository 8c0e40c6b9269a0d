"""Websocket feeds: one hub a process, one frame a layer and policy class."""
