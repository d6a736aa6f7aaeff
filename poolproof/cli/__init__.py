"""The command line, `poolproof`: the same run and the same report as in a checkout, from any folder."""
