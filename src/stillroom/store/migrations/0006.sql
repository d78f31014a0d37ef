-- Contents that a labeling could not send because of their files, until one is sent or the folder is looked at.
-- Before, only their number was kept, as a fact.
CREATE TABLE unsent (content_id INTEGER PRIMARY KEY REFERENCES contents (id)) STRICT;
DELETE FROM facts WHERE key = 'unsent';
