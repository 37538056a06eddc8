-- 007_requests.sql - what was answered to mutations that may be sent again: the application's own.
--
-- SPDX-License-Identifier: MIT

\ir ../../sql/021_requests.sql
