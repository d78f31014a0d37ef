-- Counting a million pictures by side reads this index alone.
DROP INDEX contents_side;
CREATE INDEX contents_present ON contents (side, excluded, copies);
