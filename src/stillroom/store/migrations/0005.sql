-- Seconds that its run had been labeling, pauses left out, when an answer was stored: how fast answers come
-- is told by these. None: imported, or stored before they were kept.
ALTER TABLE answers ADD COLUMN labeling_seconds REAL;
