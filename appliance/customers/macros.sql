-- What an import makes of the text it reads. folding.py does the same to what is looked for.

-- Lower case, without accents; Müller, Mueller and Muller are one.
CREATE OR REPLACE TEMP MACRO folded(text) AS trim(regexp_replace(
    regexp_replace(
        translate(
            replace(replace(replace(strip_accents(lower(text)), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
            'øłđı''’`', 'oldi'
        ),
        '[^\p{L}\p{N}]+', ' ', 'g'
    ),
    '([aou])e', '\1', 'g'
));

CREATE OR REPLACE TEMP MACRO words(text) AS
    list_filter(string_split(folded(text), ' '), lambda w: w <> '');

-- Nobody looks for the digits in a-b.smith1970@example.test by their sound.
CREATE OR REPLACE TEMP MACRO local_words(email) AS
    list_filter(
        words(regexp_replace(split_part(email, '@', 1), '[0-9]+', ' ', 'g')),
        lambda w: length(w) > 2
    );

CREATE OR REPLACE TEMP MACRO parts(word) AS
    CASE
        WHEN length(word) < 3 THEN [word]
        ELSE list_distinct(list_concat([word], list_transform(
            range(1, length(word) + 1),
            lambda i: substr(word, 1, i - 1) || substr(word, i + 1)
        )))
    END;

-- Letters and digits only: "ord 47-02.95" is ORD470295.
CREATE OR REPLACE TEMP MACRO code_of(text) AS
    regexp_replace(lower(text), '[^\p{L}\p{N}]+', '', 'g');

-- The last seven digits of a telephone number, which any notation of it has; 0 where there
-- are fewer. (0) is dialled only at home.
CREATE OR REPLACE TEMP MACRO line_of(phone) AS coalesce(try_cast(
    regexp_extract(regexp_replace(replace(phone, '(0)', ''), '[^0-9]', '', 'g'), '[0-9]{7}$')
    AS INTEGER), 0);

-- NULL where it cannot be told. Of 03/04/2025 nobody knows whether it is March or April.
CREATE OR REPLACE TEMP MACRO as_date(text) AS coalesce(
    try_cast(text AS DATE),
    try_cast(try_cast(text AS TIMESTAMP) AS DATE),
    try_strptime(text, ['%d.%m.%Y', '%Y/%m/%d', '%Y%m%d', '%d.%m.%Y %H:%M'])::DATE
);

-- "1,234.50", "1.234,50 €" and "EUR 1234.5" are one amount.
CREATE OR REPLACE TEMP MACRO as_money(text) AS (
    WITH bare AS (SELECT regexp_replace(text, '[^0-9.,-]', '', 'g') AS b),
    point AS (
        SELECT CASE
            WHEN regexp_matches(b, '^-?[0-9.]*,[0-9]{1,2}$')
                THEN replace(replace(b, '.', ''), ',', '.')
            ELSE replace(b, ',', '')
        END AS p FROM bare
    )
    SELECT CASE
        WHEN regexp_matches(text, '[a-zA-Z]{4}') OR length(p) > 24 THEN NULL
        ELSE try_cast(p AS DOUBLE)
    END FROM point
);

CREATE OR REPLACE TEMP MACRO as_email(text) AS
    CASE WHEN regexp_matches(text, '^[^@\s]+@[^@\s]+$') THEN text END;

CREATE OR REPLACE TEMP MACRO as_phone(text) AS
    CASE WHEN length(regexp_replace(text, '[^0-9]', '', 'g')) BETWEEN 5 AND 20 THEN text END;
