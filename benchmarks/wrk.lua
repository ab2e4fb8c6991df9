-- Asks for the paths of a file in their order, round and round; each thread begins elsewhere.
-- BENCH_PATHS: the file, one path a line. BENCH_HEADER: "Name: value" to send as well.
local started = 0

function setup(thread)
  thread:set("place", started)
  started = started + 1
end

function init()
  local headers = {}
  local name, value = (os.getenv("BENCH_HEADER") or ""):match("^([^:]+):%s*(.*)$")
  if name then headers[name] = value end
  requests = {}
  for path in io.lines(os.getenv("BENCH_PATHS")) do
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
  at = math.floor(place * #requests / 2)
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\nBENCH {"answers": %d, "microseconds": %d, "bytes": %.0f, "p50_us": %.0f, "p99_us": %.0f, ' ..
    '"max_us": %.0f, "not_200": %d, "socket_errors": %d, "timeouts": %d}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50),
    latency:percentile(99), latency.max, e.status, e.connect + e.read + e.write, e.timeout))
end
