-- What has to be kept whatever the rules say, and what is still in the file after it was
-- deleted.

CREATE TABLE hold (
    id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,     -- 'call' or 'customer'
    subject VARCHAR NOT NULL,  -- id of the call, or of the customer as the site writes it
    reason VARCHAR NOT NULL,
    placed_by VARCHAR NOT NULL,
    placed TIMESTAMP NOT NULL, -- UTC, like `until`
    until TIMESTAMP            -- NULL: until somebody ends it
);

-- Erasures (retention/erasures.py) that have been done in this file: in one that was brought
-- back from a backup they are to be done once more.
CREATE TABLE erased (id VARCHAR NOT NULL, wall TIMESTAMP NOT NULL);

-- A row for each batch of texts taken out since the file was last written anew: their bytes
-- are still in it. A new file has none.
CREATE TABLE residue (wall TIMESTAMP NOT NULL, rows BIGINT NOT NULL);
