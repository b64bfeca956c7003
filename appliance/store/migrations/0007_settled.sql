-- The rows of `session` and `measured` are made a moment after the commit that ends a call,
-- writes it up or closes an agent's time on it: planning the two took 35 ms, in which no
-- other commit came through. What comes before this position is in the rows; a start looks
-- for the rest behind it.
CREATE TABLE settled (n BIGINT NOT NULL);  -- one row
INSERT INTO settled SELECT coalesce(max(n) + 1, 0) FROM event;
