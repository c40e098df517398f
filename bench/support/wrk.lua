-- Sends the requests of a file in turn, each a line of path and Origin; writes one line of JSON at the end.
local requests = {}
local next_request = 0

function init(args)
  for line in io.lines(args[1]) do
    local path, origin = line:match("^(%S+)\t(%S*)$")
    local headers = {}
    if origin ~= "" then headers["Origin"] = origin end
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"failures":%d,"p50Micros":%d,"p99Micros":%d,"p999Micros":%d}\n',
    summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
