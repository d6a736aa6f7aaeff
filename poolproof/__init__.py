"""The instrument: claims put to real workers on a real broker, judged, timed, recorded and reported."""
