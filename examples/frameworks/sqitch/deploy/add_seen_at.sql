BEGIN;
ALTER TABLE visits ADD COLUMN seen_at timestamptz;
COMMIT;
