-- The customers of a site, as the last import left them. The file is only ever read: an
-- import writes a new one and puts it in the old one's place.
--
-- Every table is written sorted by the column it is searched by, and a row group knows its
-- smallest and greatest value: a look-up reads one or two row groups of a million rows, and
-- nothing has to be kept in memory, as an index of DuckDB would.

CREATE TABLE about (format INTEGER NOT NULL, customers BIGINT NOT NULL);

CREATE TABLE customer (
    n INTEGER NOT NULL,       -- position; what the other tables point to
    id VARCHAR NOT NULL,      -- as the site writes it
    name VARCHAR NOT NULL,
    folded VARCHAR NOT NULL,  -- the name, as names are compared
    email VARCHAR,
    phone VARCHAR,
    status VARCHAR,
    lifetime_value DOUBLE,
    currency VARCHAR,
    since DATE
);

-- These are sorted by customer, newest first.
CREATE TABLE purchase (
    n INTEGER NOT NULL,
    number VARCHAR NOT NULL,
    placed DATE,
    status VARCHAR,
    total DOUBLE,
    currency VARCHAR,
    item VARCHAR
);

CREATE TABLE ticket (
    n INTEGER NOT NULL,
    number VARCHAR NOT NULL,
    opened DATE,
    status VARCHAR,
    subject VARCHAR
);

CREATE TABLE note (
    n INTEGER NOT NULL,
    written DATE,
    author VARCHAR,
    text VARCHAR NOT NULL
);

-- ------------------------------------------------------------------ what is searched

-- Every word of a name, and of an e-mail address before the @.
CREATE TABLE word (w INTEGER NOT NULL, word VARCHAR NOT NULL, customers INTEGER NOT NULL);
CREATE TABLE posting (w INTEGER NOT NULL, n INTEGER NOT NULL);

-- Each word with up to one letter left out: two words are one typing error apart when they
-- have a part in common.
CREATE TABLE part (part VARCHAR NOT NULL, w INTEGER NOT NULL);

-- The last seven digits of a telephone number, which every notation of it has.
CREATE TABLE line (digits INTEGER NOT NULL, n INTEGER NOT NULL);

-- Customer numbers, order numbers, e-mail addresses.
CREATE TABLE code (code VARCHAR NOT NULL, kind VARCHAR NOT NULL, n INTEGER NOT NULL);
