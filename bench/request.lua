-- request.lua - what wrk sends, and how it says what came of it.
--
-- Posts the file that BENCH_BODY names, with the headers of the command line; ends with one line for
-- measure.py.
--
-- SPDX-License-Identifier: MIT

local file = assert(io.open(os.getenv("BENCH_BODY"), "r"))
wrk.method = "POST"
wrk.body = file:read("*a")
file:close()

-- Times in microseconds.
function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99),
        errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
