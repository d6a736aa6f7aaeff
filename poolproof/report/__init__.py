"""From records to pages; starts nothing."""
