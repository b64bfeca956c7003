-- Who may come in, and the log of what they did. Far from the record of calls: what erases
-- or exports calls never touches accounts, and no sign-in waits for a call to be stored.
--
-- Few rows, all kept in memory by the program that runs: no index is needed. No TIMESTAMPTZ:
-- reading one from Python needs pytz. Every time is UTC. Of secrets only hashes are kept.

CREATE TABLE person (
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    roles VARCHAR[] NOT NULL,       -- agent, supervisor, admin
    created TIMESTAMP NOT NULL,
    disabled BOOLEAN NOT NULL,
    must_change BOOLEAN NOT NULL    -- the password is one that others know
);

CREATE TABLE password (
    person_id VARCHAR NOT NULL,
    hash VARCHAR NOT NULL           -- argon2id, with its salt and its cost
);

CREATE TABLE session (
    digest VARCHAR NOT NULL,        -- SHA-256 of the secret in the cookie
    person_id VARCHAR NOT NULL,
    created TIMESTAMP NOT NULL,
    seen TIMESTAMP NOT NULL,        -- last used, some minutes ago perhaps
    address VARCHAR NOT NULL
);

-- Browsers in which a person has signed in: guessing elsewhere does not keep these out.
CREATE TABLE device (
    digest VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    used TIMESTAMP NOT NULL
);

CREATE TABLE machine (
    name VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    scopes VARCHAR[] NOT NULL,
    created TIMESTAMP NOT NULL,
    expires TIMESTAMP NOT NULL,
    made_by VARCHAR NOT NULL
);

-- Only ever grows. See audit.py for the chain.
CREATE TABLE audit (
    n BIGINT NOT NULL,
    wall TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    hash VARCHAR NOT NULL
);
