"""zongwu (总务): the general-affairs office of a Chinese school, from daily work to the term summary."""

__version__ = "0.1.0"
