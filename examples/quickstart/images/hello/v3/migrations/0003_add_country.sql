ALTER TABLE visitors ADD COLUMN country TEXT;
