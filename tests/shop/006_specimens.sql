-- 006_specimens.sql - a row for each edge: nulls, the least and the greatest, what is no number
-- or no date, the empty, the long.
--
-- SPDX-License-Identifier: MIT

SET TimeZone = 'UTC';

INSERT INTO specimens (id, label) VALUES (1, 'nulls');

INSERT INTO specimens VALUES (2, 'plain', 1, 2, 3, 4.5, 6.7, 8.5, 9.25, 'text', 'short', 'fixed', 'x', 'Folded', true,
    '2024-02-29', '2024-02-29 12:34:56.789123Z', '2024-02-29 12:34:56.789123', '2024-02-29 12:34:56.789Z', '12:34:56.789', '12:34:56+02',
    '1 year 2 mons 3 days 04:05:06.789', '01234567-89ab-cdef-0123-456789abcdef', '{"a": [1, 2.50, "x"]}', '{"a":1, "a": 2}', '\xdead00ff',
    '10.0.0.1', '10.0.0.0/8', '08:00:2b:01:02:03', B'10101010', B'1', '1.23', '(1,2)', '<a b="c">d</a>', 'a fat cat', 'a=>1, b=>NULL',
    '[1,5)', '[1.5,2.5]', '["2024-01-01 00:00Z","2024-01-02 00:00Z")', '[2024-01-01,2024-02-01)', '{[1,3),[5,7)}', 'PG-13', 'RED', 42,
    '{1,2,3}', '{a,"b c",NULL,""}', '{1.50,NULL}', '{01234567-89ab-cdef-0123-456789abcdef}', '{{1,2},{3,4}}', '{RED,_4}', 5, '+46 8', 'EUR',
    '2024-02-29 12:34:56.789Z', 'ä', 'ä', '(1,2,"a b")');

INSERT INTO specimens (id, label, small, whole, big, exact, money_like, single, double, text, short, fixed, one, folded, is_true,
    day, instant, local, instant3, hour, zoned, span, key, document, raw, bytes, address, network, bits, cash, place, markup, words, ints,
    numbers, instants, days, status, object, integers, texts, whole_domain, text_domain, accent, german)
VALUES
    (3, 'least', -32768, -2147483648, -9223372036854775808, -1e-30, -99999999.9999, -3.4028235e38, -1.7976931348623157e308, '', '', '', '', '', false,
     '4713-11-24 BC', '4713-11-24 00:00:00 BC', '4713-11-24 00:00:00 BC', '4713-11-24 00:00:00Z BC', '00:00', '00:00+15:59',
     '-178000000 years', '00000000-0000-0000-0000-000000000000', 'null', 'null', '', '0.0.0.0', '0.0.0.0/0', B'00000000',
     '-92233720368547758.08', '(-1e300,0)', '', '', 'empty', 'empty', 'empty', 'empty', '', 0, '{}', '{}', 1, '', '', ''),
    (4, 'greatest', 32767, 2147483647, 9223372036854775807, 1e40, 99999999.9999, 3.4028235e38, 1.7976931348623157e308, repeat('long text ', 3000),
     'éàüöß', '12345', 'é', 'STRASSE', true, '5874897-12-31', '294276-12-31 23:59:59.999999Z', '294276-12-31 23:59:59.999999',
     '294276-12-31 23:59:59.999Z', '24:00', '24:00-15:59', '178000000 years', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '{"a": {"b": {"c": {}}}}',
     '[[[[]]]]', decode(repeat('00ff', 500), 'hex'), '255.255.255.255/0', '::/128', B'11111111', '92233720368547758.07', '(1e300,-1e-300)', '<é/>',
     'the cat', '(,)', '(,)', '(,)', '(,)', 'lost', 4294967295, '{2147483647,NULL}', '{NULL}', 10000, '1', 'A', 'Z'),
    (5, 'infinite', 0, 0, 0, 'Infinity', 0, 'Infinity', 'Infinity', 'infinity', 'inf', 'inf', 'i', 'INFINITY', true, 'infinity', 'infinity', 'infinity',
     'infinity', '23:59:59.999999', '23:59:59.999999+00', '00:00:00.000001', NULL, '1e100', '1e5', '\x5c', '::1', '::1', NULL, '0', '(Infinity,NaN)', '<a/>', 'é',
     '[-2147483648,2147483646)', '[NaN,NaN]', '[-infinity,infinity]', '(-infinity,infinity)', 'new', 1, NULL, '{"NULL",null}', 2, '2', 'a', 'z'),
    (6, 'minus infinite', 0, 0, 0, '-Infinity', 0, '-Infinity', '-Infinity', '-infinity', '-', '-', '-', '-', false, '-infinity', '-infinity', '-infinity',
     '-infinity', '00:00:00.000001', '12:00:00.5-00:30', '-00:00:00.000001', NULL, '-1e-5', '-0', '\x27', 'fe80::1/64', 'fe80::/10', NULL, '-0.01', '(0,0)',
     '<a>&lt;</a>', 'b', '[1,1]', '[1,1)', NULL, NULL, 'très bien', 2, '{{1}}', '{{a},{b}}', 3, '3', 'á', 'ö'),
    (7, 'no number', NULL, NULL, NULL, 'NaN', NULL, 'NaN', 'NaN', 'NaN', 'nan', 'nan', 'n', 'nan', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '0', NULL,
     '"NaN"', '"\ud83c\udfc3"', '\x00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'in progress', NULL, '{0}', '{\\,","}', NULL, NULL, NULL, NULL),
    (8, 'nearly equal', 0, 0, 0, 1.0, 1.0, 0.1, 0.1, 'Text', 'A', 'a', 'A', 'folded', NULL, '2024-02-29', '2024-02-29 12:34:56.789Z', '2024-02-29 12:34:56.789',
     '2024-02-29 12:34:56.7885Z', '12:34:56.789001', '10:34:56+00', '12 months 62 days 04:05:06.789', '01234567-89AB-CDEF-0123-456789ABCDEF',
     '{"a": [1, 2.5, "x"]}', '{"a":1,"a":2}', '\xdead00ff', '10.0.0.1/24', '10.0.0.0/16', B'10101010', '1.23', '(1.0,2)', '<a b="c">d</a>', 'cat fat a',
     '[1,4]', '[1.50,2.50]', '["2024-01-01 01:00+01","2024-01-02 00:00Z")', '[2024-01-01,2024-01-31]', 'PG-13', 42, '{1,2,3}', '{a,"b c",NULL,""}', 5,
     '+46 8', 'a', 'A'),
    (9, 'nearly equal again', 0, 0, 0, 1.00, 1.0, 0.10000001, 0.10000000000000002, 'TEXT', 'a', 'A', 'a', 'FOLDED', NULL, '2024-03-01',
     '2024-02-29 12:34:56.789999Z', '2024-02-29 12:34:56.789999', '2024-02-29 12:34:56.79Z', '12:34:56.789', '12:34:56+02', '12 months 61 days 28:05:06.789', NULL,
     '{"a": [1.0, 2.5, "x"]}', '[1]', '\xDEAD00FF', '10.0.0.1', '10.0.0.0/8', B'10101011', '1.24', '(2,1)', '<a b=''c''>d</a>', 'a cat', '[1,5]', '(1.5,2.5)',
     '["2024-01-01 00:00Z","2024-01-02 00:00Z"]', '(2023-12-31,2024-02-01)', '', 43, '{3,2,1}', '{}', 6, '+468', 'B', 'B'),
    (10, 'tiny', -1, -1, -1, 0.000000000000000000000000000001, 0.0001, 1e-45, 5e-324, E'\u0001\u001f\u007f', E'\t', E'\n', ' ', ' ', false, '0001-01-01',
     '0001-01-01 00:00:00Z', '0001-01-01 00:00:00', '1969-12-31 23:59:59.9995Z', '00:00:00.5', '00:00:00-15', '-1 mons +1 day', NULL, '[]', '[]', '\x0d0a', '::',
     '::/0', NULL, '0.01', NULL, NULL, NULL, NULL, '(0,1e-10)', NULL, '[0001-01-01,)', 'SHIPPED', NULL, '{-1}', '{" "}', 10, '-', 'É', 'ß'),
    (11, 'year 10000', 1, 1, 1, -0.5, -0.5, -0.5, -0.0, '漢字 🏃 é', 'ﬀ', 'ß', 'ß', 'straße', true, '10000-01-01', '9999-12-31 23:59:59.999999Z', '9999-12-31 23:59:59.999999',
     '9999-12-31 23:59:59.999Z', NULL, NULL, '100 years -99 days', NULL, '{"": "", "\u2028": "\u2029"}', '{"\u0000": 1}', NULL, NULL, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'ß', 'ss');

-- Composite values whose fields are null are values; and a domain over an enum.
UPDATE specimens SET pair = '(,,)' WHERE id IN (3, 6);
UPDATE specimens SET pair = '(,1,x)' WHERE id IN (4, 7);
UPDATE specimens SET bright = (ARRAY['RED', 'green', 'Blue'])[id % 3 + 1]::colour WHERE id <> 5;
