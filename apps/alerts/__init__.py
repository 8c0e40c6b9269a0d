"""Rules that watch readings, alarms, notifications."""
