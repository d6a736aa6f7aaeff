"""Records into values, and what is wrong with a bad one."""
