-- Whether run has made a deployment, and is going to remove it.
-- Before, that was a fact by the name of the deployment, and still earlier by that of its student.
ALTER TABLE deployments ADD COLUMN by_run INTEGER NOT NULL DEFAULT 0;
UPDATE deployments SET by_run = 1 WHERE deleted IS NULL AND EXISTS (
    SELECT 1 FROM facts
    WHERE key IN ('deployed_by_run:' || deployments.name, 'deployed_by_run:' || deployments.student)
);
DELETE FROM facts WHERE key GLOB 'deployed_by_run:*';
