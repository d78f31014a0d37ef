-- The answers of a run in the order in which they came: the latest are read many times while it goes,
-- and all of them block by block when they are judged again. The id of a row stands behind every index.
CREATE INDEX answers_run ON answers (run_id);
-- Pictures that no model takes as they are prepared are few: they are found without reading all others.
CREATE INDEX prepared_flag ON prepared (key, content_id, flag) WHERE flag IS NOT NULL;
