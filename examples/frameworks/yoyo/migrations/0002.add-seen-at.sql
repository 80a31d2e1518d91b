-- depends: 0001.create-visits
ALTER TABLE visits ADD COLUMN seen_at timestamptz;
