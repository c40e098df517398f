-- Ever new clients ask for ever new pages: the n-th request is of address and page n modulo a million.
local n = 0
local MILLION = 1000000

function init(args)
  n = tonumber(args[1])
end

function request()
  n = n + 1
  local client = n % MILLION
  local address = string.format("10.%d.%d.%d", math.floor(client / 65536), math.floor(client / 256) % 256, client % 256)
  -- A prime that does not divide a million: every page once in a million requests, in another order than the addresses.
  local page = (n * 7919) % MILLION
  local path = string.format("/config?url=https%%3A%%2F%%2Fh5.example.com%%2Fpage%%2F%d%%3Fid%%3D%d", page, n)
  return wrk.format("GET", path, { ["X-Forwarded-For"] = address })
end

function done(summary)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"failures":%d}\n', summary.requests, e.connect + e.read + e.write + e.status + e.timeout))
end
