"""The shell: everything that touches the world (files, network, time, people). Start with `poll`."""

__version__ = "0.1.0"
