"""What is sent and what is known of its arrival: letters, channels, delivery evidence. Knows no law and no facts."""
