"""From model runs to tables: what is plotted and compared. No words, no charts."""
