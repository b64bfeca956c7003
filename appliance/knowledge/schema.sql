-- What the file is: of which format, and by which sentence model its vectors are.
CREATE TABLE about (format INTEGER NOT NULL, model VARCHAR NOT NULL);

-- Every version of every article. At most one of an article is current; none if it was
-- removed. Passages are JSON; vectors are float16, a row of them for each passage.
CREATE TABLE version (
    id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    about VARCHAR[] NOT NULL,
    source VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    changed TIMESTAMP NOT NULL,
    current BOOLEAN NOT NULL,
    passages VARCHAR NOT NULL,
    vectors BLOB NOT NULL
);

-- Questions with the article that answers each, "" where none should; and how many were
-- answered right when the set was last kept.
CREATE TABLE golden (question VARCHAR NOT NULL, article VARCHAR NOT NULL);
CREATE TABLE kept (rights INTEGER NOT NULL);
